from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    """Outside of a transaction: the table is large and people are at work."""

    atomic = False
    dependencies = [('cases', '0013_several_hands')]

    operations = [
        ValidateConstraint(model_name="case", name="case_state_known"),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', frozenset(['accepted', 'collab', 'dispatched', 'extended', 'handling', 'objected', 'reopened', 'replied', 'return-requested', 'reviewed', 'submitted', 'triaged', 'visited']))), fields=['area', '-received_at', '-id'], name='case_open_here'),
        ),
        RemoveIndexConcurrently(model_name="case", name="case_open_area"),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('lat__isnull', False), ('state__in', frozenset(['accepted', 'collab', 'dispatched', 'extended', 'handling', 'objected', 'reopened', 'replied', 'return-requested', 'reviewed', 'submitted', 'triaged', 'visited']))), fields=['lat', 'lon'], name='case_open_spot'),
        ),
        RemoveIndexConcurrently(model_name="case", name="case_open_point"),
    ]
