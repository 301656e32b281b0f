"""Steps that several actions are made of."""

from datetime import datetime
from typing import Any, NoReturn

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.locks import hold
from yukuai.roster.queries import Desk, get_desk


def managed(actor: Actor, division_id: int, department_id: int | None) -> Desk:
    """The window, for whoever makes its roster."""
    desk = get_desk(actor, division_id=division_id, department_id=department_id)
    policy.require(actor, Permission.ROSTER_MANAGE, desk)
    hold(f"roster:{desk.key}")  # two who make one roster do it one after the other
    return desk


def refuse(field: str, sentence: str) -> NoReturn:
    raise InvalidInput(sentence, fields={field: sentence})


def remember(actor: Actor, desk: Desk, act: str, at: datetime, **said: Any) -> None:
    record(actor, act=f"roster.{act}", target=desk.name, area=desk.area, at=at, **said)
