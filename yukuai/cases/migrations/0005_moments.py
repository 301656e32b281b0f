from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # writes go on while the indexes are built

    dependencies = [
        ('cases', '0004_tallies'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='case_closed'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('replied_at__isnull', False)), fields=['replied_at'], name='case_replied'),
        ),
        AddIndexConcurrently(
            model_name='rating',
            index=models.Index(fields=['given_at'], name='rating_time'),
        ),
        AddIndexConcurrently(
            model_name='visit',
            index=models.Index(fields=['given_at'], name='visit_time'),
        ),
    ]
