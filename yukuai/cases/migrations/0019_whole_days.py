from django.db import migrations, models

FORGET = """
    TRUNCATE cases_daytally;
    UPDATE cases_tallymark SET recounted_on = NULL, refreshed_on = NULL;
"""


class Migration(migrations.Migration):
    """The counts are made anew by the next round; until then boards read the rows."""

    dependencies = [
        ("cases", "0018_in_time"),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="daytally", name="daytally_once"),
        migrations.RemoveIndex(model_name="daytally", name="daytally_level"),
        migrations.AddField(
            model_name="daytally",
            name="whole",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="daytally",
            index=models.Index(fields=["level", "whole", "day"], name="daytally_level"),
        ),
        migrations.AddConstraint(
            model_name="daytally",
            constraint=models.UniqueConstraint(
                fields=("division", "day", "category", "direct", "whole"),
                name="daytally_once",
                nulls_distinct=False,
            ),
        ),
    ]
