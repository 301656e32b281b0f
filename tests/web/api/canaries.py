"""Words that betray a leak: each stands in one field of one place's matters and nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from yukuai.cases.models import Case, CaseContact
from yukuai.kernel.scope import EVERYWHERE, scope

PUBLIC = {"number"}
"""Anybody may know it who asks Open311 (docs/open311.md); nobody learns it at /api/v1/."""
PLAIN = (models.CharField, models.TextField)
NOT_WORDS = {"number", "state", "source", "triage", "former", "rejection", "outcome"}
"""Text columns of a matter that hold a code, whose values are the same everywhere."""


@dataclass(frozen=True)
class Canary:
    place: str
    field: str
    word: str


def text_columns() -> list[models.Field]:
    """Of a matter itself: from the model, so that a new one is covered too."""
    return [
        column
        for column in Case._meta.concrete_fields
        if isinstance(column, PLAIN) and column.name not in NOT_WORDS and not column.is_relation
        and not column.name.endswith("area")
    ]  # fmt: skip


def plant(case: Case, place: str, which: int) -> list[Canary]:
    """In every text column, and sealed in name, telephone and mail."""
    words = {column.name: f"canary-{place}-{column.name}" for column in text_columns()}
    sealed = {
        "name": f"canary-{place}-name",
        "phone": f"1990077{which:04d}",
        "email": f"canary-{place}-email@example.org",
    }
    with scope(EVERYWHERE):
        Case.objects.filter(pk=case.pk).update(**words)
        contact, _ = CaseContact.objects.get_or_create(
            case=case, defaults={"division": case.division, "holders": case.holders}
        )
        for name, value in sealed.items():
            setattr(contact, name, value)
        contact.save()
    known = words | sealed | {"number": case.number, "id": str(case.client_uuid)}
    return [Canary(place, field, word) for field, word in known.items()]


def found_in(text: str, canaries: Iterable[Canary]) -> set[Canary]:
    return {canary for canary in canaries if canary.word in text}


def leaks(
    text: str, canaries: Iterable[Canary], *, may: set[tuple[str, str]], said: str
) -> set[Canary]:
    """What stands in an answer and is none of the caller's business. What the caller said himself
    tells him nothing new."""
    strangers = {c for c in found_in(text, canaries) if (c.place, c.field) not in may}
    return {canary for canary in strangers if canary.word not in said}
