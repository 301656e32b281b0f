"""Steps that several actions are made of."""

from datetime import datetime
from typing import Any, NoReturn

from django.db import connection

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.kernel.errors import InvalidInput
from yukuai.roster.queries import Desk, get_desk

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def managed(actor: Actor, division_id: int, department_id: int | None) -> Desk:
    """The window, for whoever makes its roster."""
    desk = get_desk(actor, division_id=division_id, department_id=department_id)
    policy.require(actor, Permission.ROSTER_MANAGE, desk)
    with connection.cursor() as cursor:  # two who make one roster do it one after the other
        cursor.execute(_LOCK, [f"roster:{desk.key}"])
    return desk


def refuse(field: str, sentence: str) -> NoReturn:
    raise InvalidInput(sentence, fields={field: sentence})


def remember(actor: Actor, desk: Desk, act: str, at: datetime, **said: Any) -> None:
    record(actor, act=f"roster.{act}", target=desk.name, area=desk.area, at=at, **said)
