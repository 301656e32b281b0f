# Built while the product runs: a table without locks, and each step by itself. First what is new, then
# what it replaces goes.

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("cases", "0019_newest_by_level"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                fields=["district_id", "-received_at", "-id"], name="case_district_time"
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                fields=["township_id", "-received_at", "-id"], name="case_township_time"
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("unit_area__isnull", False)),
                fields=["unit_area", "unit_department", "state"],
                name="case_unit_of",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("dispatcher_area__isnull", False)),
                fields=["dispatcher_area"],
                name="case_dispatcher_of",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("reporter_id__isnull", False)),
                fields=["reporter_id", "-received_at", "-id"],
                name="case_reporter_of",
            ),
        ),
        RemoveIndexConcurrently(model_name="case", name="case_unit"),
        RemoveIndexConcurrently(model_name="case", name="case_dispatcher"),
        RemoveIndexConcurrently(model_name="case", name="case_reporter"),
        migrations.AlterField(
            model_name="case",
            name="helper_department",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.department",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="rule_pack",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.rulepack",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="unit_department",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.department",
            ),
        ),
    ]
