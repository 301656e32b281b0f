# Both columns in one statement: the table is written anew once (docs/operations/upgrade.md).

from django.db import migrations, models

import yukuai.divisions.located

COLUMNS = """
    ALTER TABLE cases_case
        ADD COLUMN district_id bigint
            GENERATED ALWAYS AS (NULLIF(split_part(area, '.', 2), '')::bigint) STORED,
        ADD COLUMN township_id bigint
            GENERATED ALWAYS AS (NULLIF(split_part(area, '.', 3), '')::bigint) STORED
"""


def ancestor(depth):
    return models.GeneratedField(
        db_persist=True,
        expression=yukuai.divisions.located.Step("area", depth=depth),
        output_field=models.BigIntegerField(null=True),
    )


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0018_in_time"),
    ]

    operations = [
        migrations.RunSQL(
            COLUMNS,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AddField("case", "district_id", ancestor(2)),
                migrations.AddField("case", "township_id", ancestor(3)),
            ],
        ),
    ]
