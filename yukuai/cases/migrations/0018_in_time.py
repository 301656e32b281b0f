from django.db import migrations, models


class Migration(migrations.Migration):
    """What was answered before keeps its NULL: it is judged by the promise as it stands."""

    dependencies = [
        ("cases", "0017_learned_triage"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="in_time",
            field=models.BooleanField(
                help_text="whether the last answer kept what was promised then; NULL: from before",
                null=True,
            ),
        ),
    ]
