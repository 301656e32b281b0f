from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # writes go on while the indexes are built

    dependencies = [
        ('workflow', '0004_tallies'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='deadline',
            index=models.Index(condition=models.Q(('dropped_at', None), ('met_at', None)), fields=['area', 'due_at'], include=('workflow', 'name', 'object_id'), name='deadline_running_area'),
        ),
    ]
