import django.contrib.postgres.fields
import django.db.models.deletion
import yukuai.divisions.located
import yukuai.kernel.constraints
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """The constraint is validated and the index built in the next step, without stopping writes."""

    dependencies = [
        ('accounts', '0002_initial_passwords'),
        ('cases', '0012_open311'),
        ('divisions', '0001_initial'),
        ('workflow', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Helper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', yukuai.divisions.located.AreaField(db_collation='C', editable=False, max_length=80, place='division')),
                ('holders', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('question', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.CharField(max_length=120)),
                ('asked_by_id', models.BigIntegerField(null=True)),
                ('due_at', models.DateTimeField()),
                ('words', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.CharField(blank=True, max_length=120)),
                ('answered_by_id', models.BigIntegerField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawal', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_state_known',
        ),
        migrations.AlterField(
            model_name='case',
            name='source',
            field=models.CharField(choices=[('app', '手机反映'), ('counter', '来访登记'), ('phone', '来电登记'), ('api', '外部系统'), ('split', '拆单')], max_length=10),
        ),
        migrations.AlterField(
            model_name='case',
            name='state',
            field=models.CharField(choices=[('submitted', '等受理'), ('rejected', '没有受理'), ('accepted', '已受理，待分流'), ('triaged', '已分流，待派单'), ('dispatched', '已派单，待签收'), ('handling', '办理中'), ('return-requested', '申请退单中'), ('objected', '派单异议，等裁决'), ('collab', '会办中'), ('extended', '申请延期中'), ('replied', '已答复，待核查'), ('reviewed', '已核查，待回访'), ('visited', '已回访，待办结'), ('closed', '已办结，等评价'), ('rated', '已评价'), ('archived', '已归档'), ('reopened', '重新打开'), ('withdrawn', '已撤回'), ('merged', '已并入'), ('finished', '分单办完'), ('cancelled', '分单已撤销')], default='submitted', max_length=20),
        ),
        AddConstraintNotValid(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['submitted', 'rejected', 'accepted', 'triaged', 'dispatched', 'handling', 'return-requested', 'objected', 'collab', 'extended', 'replied', 'reviewed', 'visited', 'closed', 'rated', 'archived', 'reopened', 'withdrawn', 'merged', 'finished', 'cancelled'])), name='case_state_known'),
        ),
        migrations.AddField(
            model_name='helper',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='helpers', to='cases.case'),
        ),
        migrations.AddField(
            model_name='helper',
            name='department',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department'),
        ),
        migrations.AddField(
            model_name='helper',
            name='division',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division'),
        ),
        migrations.AddIndex(
            model_name='helper',
            index=models.Index(fields=['area', '-asked_at'], name='helper_area'),
        ),
        migrations.AddIndex(
            model_name='helper',
            index=models.Index(fields=['case'], name='helper_case'),
        ),
        migrations.AddIndex(
            model_name='helper',
            index=models.Index(condition=models.Q(('answered_at', None), ('withdrawn_at', None)), fields=['department', 'case'], name='helper_open'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=yukuai.kernel.constraints.AreaFollowsDivision(name='helper_area_follows_division'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=yukuai.kernel.constraints.HeldPolicy(name='helper_within_area_or_held'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None), ('withdrawn_at', None)), fields=('case', 'department'), name='helper_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at', None), ('withdrawn_at', None), _connector='OR'), name='helper_answer_or_withdrawal'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawal', ''), _negated=True), _connector='OR'), name='helper_withdrawal_says_why'),
        ),
    ]
