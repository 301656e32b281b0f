"""What a flag of the category said for the whole city becomes lines of the duty list.

Where the categories are loaded later, `load_duties` brings the list.
"""

from django.db import migrations
from django.utils import timezone

SOURCE = "由事项类别上原来的“在社区职责清单里”转来"
BASIS = "产品设定，待按本市职责清单核对"


def list_flagged(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:  # the owner too is bound by row-level security
        cursor.execute("SELECT set_config('yukuai.areas', %s::text[]::text, true)", [[""]])
    Division = apps.get_model("divisions", "Division")
    DutyItem = apps.get_model("cases", "DutyItem")
    Category = apps.get_model("cases", "Category")
    alias, at = connection.alias, timezone.now()
    root = Division.objects.using(alias).filter(parent=None, valid_to=None).first()
    if root is None:
        return
    for category in Category.objects.using(alias).filter(community_duty=True).order_by("pk"):
        DutyItem.objects.using(alias).create(
            division=root,
            category=category,
            duty="must",
            basis=BASIS,
            source=SOURCE,
            valid_from=root.valid_from,
            reason="沿用原来的设置。",
            made_by="系统",
            made_at=at,
        )


class Migration(migrations.Migration):
    dependencies = [('cases', '0007_rules_and_duties')]
    operations = [migrations.RunPython(list_flagged, migrations.RunPython.noop)]
