# Built while the product runs: a table without locks, and each step by itself.

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('cases', '0009_search_words'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='case',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='case_words'),
        ),
        AddIndexConcurrently(
            model_name='case',
            index=models.Index(condition=models.Q(('words__isnull', True)), fields=['id'], name='case_without_words'),
        ),
        AddIndexConcurrently(
            model_name='casecontact',
            index=models.Index(condition=models.Q(('name_hash', ''), _negated=True), fields=['name_hash'], name='casecontact_name'),
        ),
        AddIndexConcurrently(
            model_name='casecontact',
            index=models.Index(condition=models.Q(('name_hash__isnull', True)), fields=['id'], name='casecontact_unhashed'),
        ),
    ]
