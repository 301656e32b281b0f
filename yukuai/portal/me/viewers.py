"""“谁看过我的信息”: the audit log in words that say who, when, what for and what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from yukuai.kernel.clock import today
from yukuai.portal.matters.words import unit_of

if TYPE_CHECKING:
    from yukuai.audit.models import AuditEntry

SEEN = {
    "case.view": "看了这件事的内容",
    "case.contact": "打开了联系方式",
    "resident.sign-up": "第一次登录，建了账户",
    "resident.set-home": "改了常住社区",
    "resident.set-name": "改了姓名",
}
OTHERWISE = "用到了与您有关的记录"


@dataclass(frozen=True)
class Look:
    """One line: whoever did it is named by his unit."""

    at: datetime
    who: str
    what: str
    purpose: str
    number: str


@dataclass(frozen=True)
class Day:
    on: date
    looks: list[Look]


def by_day(entries: "Iterable[AuditEntry]") -> list[Day]:
    """Of entries that come newest first."""
    looks = [_look(entry) for entry in entries]
    return [Day(on, list(rows)) for on, rows in groupby(looks, key=lambda look: today(look.at))]


def _look(entry: "AuditEntry") -> Look:
    what = SEEN.get(entry.act, OTHERWISE)
    fields = entry.details.get("fields") or []
    if fields:
        what = f"{what}：{'、'.join(map(str, fields))}"
    number = entry.target if entry.act.startswith("case.") else ""
    who = unit_of(entry.actor) or entry.actor
    return Look(entry.happened_at, who, what, entry.purpose, number)
