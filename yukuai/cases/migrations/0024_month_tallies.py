import django.contrib.postgres.fields
import django.db.models.deletion
import yukuai.divisions.located
import yukuai.kernel.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0023_standing'),
        ('divisions', '0002_reference_data'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', yukuai.divisions.located.AreaField(db_collation='C', editable=False, max_length=80, place='division')),
                ('month', models.DateField(help_text='its first day')),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None)),
                ('received', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('closed', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('replied', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('on_time', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('reopened', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('asked', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('contacted', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('solved', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('satisfied', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('division', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['area', 'month'], name='monthtally_area')],
                'constraints': [yukuai.kernel.constraints.AreaFollowsDivision(name='monthtally_area_follows_division'), yukuai.kernel.constraints.AreaPolicy(name='monthtally_within_area')],
            },
        ),
    ]
