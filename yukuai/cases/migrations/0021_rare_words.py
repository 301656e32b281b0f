# How rare a word is decides between reading its index and reading the newest until enough have it. With
# the usual hundred, every word outside of the thousand commonest counts as standing in one matter of two
# hundred: one that stood nowhere was looked for in a million matters, for three seconds.

from django.db import migrations

RARE = "ALTER TABLE cases_case ALTER COLUMN words SET STATISTICS 500"


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("cases", "0020_lighter_indexes"),
    ]

    operations = [
        migrations.RunSQL(RARE, migrations.RunSQL.noop),
        migrations.RunSQL("ANALYZE cases_case (words)", migrations.RunSQL.noop),
    ]
