from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Counts of the shape before are made anew by the next round; until then boards read the rows.

    The key went: two townships with counts could not be merged.
    """

    atomic = False  # boards are looked at while the index is built

    dependencies = [
        ("cases", "0021_rare_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="tallymark",
            name="shape",
            field=models.SmallIntegerField(
                db_default=0, help_text="of the counts: see cases.tallies"
            ),
        ),
        migrations.AddField(
            model_name="daytally",
            name="whole",
            field=models.BooleanField(db_default=False),
        ),
        migrations.RemoveConstraint(model_name="daytally", name="daytally_once"),
        AddIndexConcurrently(
            model_name="daytally",
            index=models.Index(fields=["level", "whole", "day"], name="daytally_whole"),
        ),
        RemoveIndexConcurrently(model_name="daytally", name="daytally_level"),
    ]
