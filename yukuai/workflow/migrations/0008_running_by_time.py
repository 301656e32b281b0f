from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # writes go on while the index is built

    dependencies = [
        ("workflow", "0007_running_at_a_door"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="deadline",
            index=models.Index(
                fields=["due_at"],
                condition=models.Q(("dropped_at", None), ("met_at", None)),
                name="deadline_running_due",
            ),
        ),
    ]
