from django.db import migrations


class Migration(migrations.Migration):
    """A window that counts attempts is over in minutes: nobody waits for it to reach the disk. After a
    crash or a restore the running windows begin at nought."""

    dependencies = [
        ("kernel", "0003_gathered"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE kernel_ratewindow SET UNLOGGED",
            "ALTER TABLE kernel_ratewindow SET LOGGED",
        ),
    ]
