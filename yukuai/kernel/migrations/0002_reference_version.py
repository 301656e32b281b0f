from django.db import migrations, models

CHANGED = """
    CREATE SEQUENCE kernel_reference_version;
    CREATE FUNCTION kernel_reference_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO kernel_referenceversion (id, version) VALUES (1, nextval('kernel_reference_version'))
        ON CONFLICT (id) DO UPDATE SET version = excluded.version;
        RETURN NULL;
    END $$;
    INSERT INTO kernel_referenceversion (id, version) VALUES (1, nextval('kernel_reference_version'));
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReferenceVersion',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='reference_one_row')],
            },
        ),
        migrations.RunSQL(
            CHANGED,
            'DROP FUNCTION kernel_reference_changed; DROP SEQUENCE kernel_reference_version',
        ),
    ]
