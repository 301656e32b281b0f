from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # writes go on while the index is built

    dependencies = [
        ('workflow', '0002_reference_data'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='deadline',
            index=models.Index(fields=['object_id', 'workflow'], name='deadline_object'),
        ),
    ]
