"""The dictionary of matters: what they are about, and which words are urgent."""

from django.db import models
from django.db.models.functions import Now

from yukuai.cases.states import Triage
from yukuai.kernel.constraints import BumpsReference


class Category(models.Model):
    """What a matter is about: two levels, editable data (domain.md §4.3)."""

    code = models.CharField(max_length=10, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=30)
    plain_name = models.CharField(max_length=30, help_text="as residents say it")
    words = models.JSONField(default=list, help_text="words that point to this category")
    triage = models.CharField(max_length=10, choices=Triage.choices, blank=True)
    why = models.CharField(max_length=200, blank=True, help_text="the reason of the suggestion")
    department_kind = models.CharField(max_length=30, blank=True)
    # Read no more: the duty list says it (models/duties.py). Stays while an older process may run.
    community_duty = models.BooleanField(default=False, db_default=False)
    consultation = models.BooleanField(default=False)
    shareable = models.BooleanField(
        default=False,
        db_default=False,
        help_text="neighbours may be told that such a matter was raised, never what was said",
    )
    questions = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="what outside systems ask besides, in order: see cases/questions.py",
    )
    source = models.CharField(max_length=200)
    order = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [BumpsReference(name="category_is_reference")]

    def __str__(self) -> str:
        return self.name


class UrgentWord(models.Model):
    """A word that shows an emergency number before anything else."""

    word = models.CharField(max_length=20, unique=True)
    number = models.CharField(max_length=5)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [BumpsReference(name="urgentword_is_reference")]

    def __str__(self) -> str:
        return f"{self.word}: {self.number}"
