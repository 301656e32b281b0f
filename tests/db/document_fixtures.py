"""A matter to hang papers on, and the acts of an app above."""

import io
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.core.files.storage import default_storage

from tests.people import officer, resident
from tests.unit.test_document_rules import FACTS
from yukuai.accounts.policy import Actor, Role
from yukuai.divisions.models import Division
from yukuai.documents import actions, issuing
from yukuai.kernel.actions import action

SOUTH = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=112)
HILL = officer(Role.COMMUNITY_STAFF, "1.2.12.113.", user_id=113)
STREET = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=12)
ADMIN = officer(Role.SYS_ADMIN, "1.", user_id=9)
RAISER = resident(17)
STRANGER = resident(18)


@dataclass
class Matter:
    """A row of an app above, as the steps see it."""

    division: Division
    holders: list[str] = field(default_factory=lambda: ["user:17"])
    pk: int = 5
    workflow: Any = field(default_factory=lambda: SimpleNamespace(name="case"))

    @property
    def address(self) -> dict[str, Any]:
        return {"place_of": self, "subject": self.workflow.name, "object_id": self.pk}


def upload(data: bytes, name: str = "灯.jpg") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


@action
def add_photo(
    actor: Actor,
    *,
    matter: Matter,
    file: Any,
    at: datetime,
    kind: str = "scene",
    fail: bool = False,
) -> Any:
    made = actions.store_image(actor, upload=file, kind=kind, at=at, **matter.address)
    if fail:
        raise RuntimeError("the action failed afterwards")
    return made


@action
def add_file(actor: Actor, *, matter: Matter, file: Any, at: datetime) -> Any:
    return actions.store_file(actor, upload=file, at=at, **matter.address)


@action
def take(actor: Actor, *, matter: Matter, tokens: list[str], session: str, at: datetime) -> Any:
    return actions.take_pending(actor, tokens=tokens, session=session, at=at, **matter.address)


@action
def issue(
    actor: Actor,
    *,
    matter: Matter,
    at: datetime,
    kind: str = "acceptance",
    changed: dict[str, str] | None = None,
    unit: Division | None = None,
    issuer: str = "",
    fail: bool = False,
) -> Any:
    facts = FACTS | (changed or {})
    made = issuing.issue_document(
        actor, place_of=matter, kind=kind, data=facts, at=at, unit=unit, issuer=issuer
    )
    if fail:
        raise RuntimeError("the action failed afterwards")
    return made


@action
def withdraw(actor: Actor, *, document_id: int, reason: str, at: datetime) -> Any:
    return issuing.withdraw_document(actor, document_id=document_id, reason=reason, at=at)


@action
def relocate(actor: Actor, *, matter: Matter, division: Division) -> None:
    actions.relocate_attachments(actor, subject="case", object_id=matter.pk, division=division)


def stored_files(folder: str = "") -> list[str]:
    """Every file in the storage, wherever it lies."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    here = [f"{folder}/{name}".lstrip("/") for name in names]
    below = [name for sub in folders for name in stored_files(f"{folder}/{sub}".lstrip("/"))]
    return sorted(here + below)
