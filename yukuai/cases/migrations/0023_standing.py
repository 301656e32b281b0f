import django.db.models.deletion
import yukuai.divisions.located
import yukuai.kernel.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0022_whole_days'),
        ('divisions', '0002_reference_data'),
    ]

    operations = [
        migrations.CreateModel(
            name='StandingMark',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('change_id', models.BigIntegerField(default=0)),
                ('division_change_id', models.BigIntegerField(default=0)),
                ('at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='standingmark_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', yukuai.divisions.located.AreaField(db_collation='C', editable=False, max_length=80, place='division')),
                ('open', models.PositiveIntegerField(default=0)),
                ('overdue', models.PositiveIntegerField(default=0)),
                ('due_today', models.PositiveIntegerField(default=0)),
                ('supervised', models.PositiveIntegerField(default=0)),
                ('received', models.PositiveIntegerField(default=0)),
                ('closed', models.PositiveIntegerField(default=0)),
                ('replied', models.PositiveIntegerField(default=0)),
                ('on_time', models.PositiveIntegerField(default=0)),
                ('reopened', models.PositiveIntegerField(default=0)),
                ('asked', models.PositiveIntegerField(default=0)),
                ('contacted', models.PositiveIntegerField(default=0)),
                ('solved', models.PositiveIntegerField(default=0)),
                ('satisfied', models.PositiveIntegerField(default=0)),
                ('matter', models.BigIntegerField()),
                ('moved', models.BooleanField(default=False)),
                ('division', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['area'], name='standing_area'), models.Index(fields=['matter'], name='standing_matter'), models.Index(condition=models.Q(('moved', True)), fields=['area'], name='standing_moved')],
                'constraints': [yukuai.kernel.constraints.AreaFollowsDivision(name='standing_area_follows_division'), yukuai.kernel.constraints.AreaPolicy(name='standing_within_area')],
            },
        ),
        migrations.CreateModel(
            name='StandingTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', yukuai.divisions.located.AreaField(db_collation='C', editable=False, max_length=80, place='division')),
                ('open', models.PositiveIntegerField(default=0)),
                ('overdue', models.PositiveIntegerField(default=0)),
                ('due_today', models.PositiveIntegerField(default=0)),
                ('supervised', models.PositiveIntegerField(default=0)),
                ('received', models.PositiveIntegerField(default=0)),
                ('closed', models.PositiveIntegerField(default=0)),
                ('replied', models.PositiveIntegerField(default=0)),
                ('on_time', models.PositiveIntegerField(default=0)),
                ('reopened', models.PositiveIntegerField(default=0)),
                ('asked', models.PositiveIntegerField(default=0)),
                ('contacted', models.PositiveIntegerField(default=0)),
                ('solved', models.PositiveIntegerField(default=0)),
                ('satisfied', models.PositiveIntegerField(default=0)),
                ('division', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['area'], name='standingtally_area')],
                'constraints': [yukuai.kernel.constraints.AreaFollowsDivision(name='standingtally_area_follows_division'), yukuai.kernel.constraints.AreaPolicy(name='standingtally_within_area')],
            },
        ),
    ]
