"""Named filters as chips: one press sets a filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from yukuai.accounts.policy import Actor
from yukuai.workbench.casework.filtering import kept_of

if TYPE_CHECKING:
    from yukuai.cases.models import SavedFilter


@dataclass(frozen=True)
class Chip:
    name: str
    url: str
    current: bool
    of_a_colleague: bool


def url_of(row: "SavedFilter") -> str:
    """What is no longer a field of the list stays in the row and out of the address."""
    return f"{reverse('work:cases')}?{urlencode(kept_of(row.query))}"


def chips_of(
    actor: Actor, rows: "Sequence[SavedFilter]", *, kept: Mapping[str, str] | None = None
) -> list[Chip]:
    return [
        Chip(row.name, url_of(row), kept == kept_of(row.query), row.user_id != actor.user_id)
        for row in rows
    ]
