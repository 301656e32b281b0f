"""Looks that are on record: at a record, and at one sealed value of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission, require, visible
from yukuai.audit.actions import record, record_each
from yukuai.kernel.actions import action
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.kernel.limits import hit
from yukuai.registry.catalogue import Field, field_of
from yukuai.registry.columns import text_of
from yukuai.registry.keeping import NOT_HERE, note, readable
from yukuai.registry.models import MODELS, Person
from yukuai.registry.questions import LABELS, Question, Sort
from yukuai.registry.states import Kind

PURPOSES = {
    "verify": "核对身份",
    "contact": "联系本人",
    "visit": "上门走访",
    "service": "代办服务",
    "rescue": "紧急救助",
}
"""For which a sealed value may be opened; read by the person concerned word by word."""
REVEALS_AN_HOUR = 60
"""How many sealed values one officer may open (产品设定)."""
READING, SEARCHING = "查看底数", "查找底数"
SEARCHES_AN_HOUR = 600
NUMBERS_AN_HOUR = 120
"""How often one officer may search by words, and by whole numbers: a day at the counter, too few to
try a list of them (产品设定)."""
NUMBERS = frozenset({Sort.NUMBER, Sort.PAPER, Sort.PHONE})


@dataclass(frozen=True)
class Opened:
    """Shown once; the next look is another look."""

    label: str
    value: str


def note_look(actor: Actor, *, row: object, at: datetime) -> None:
    """A step of a reading: the person concerned finds it under “谁看过我的信息”."""
    note(actor, row, act="registry.view", at=at, purpose=READING)


def note_names(actor: Actor, *, people: Iterable[Any], at: datetime) -> None:
    """A step of a reading that names these people: who lives behind a door, who forms a household.
    Each of them finds it."""
    named = {one.pk: (one.target, one.area, one.holders) for one in people}
    if named:
        things = named.values()
        record_each(actor, act="registry.names", things=things, at=at, purpose=READING)


def note_list(actor: Actor, *, kind: str, area: str, at: datetime, **asked: object) -> None:
    """A step of a reading: that somebody went through a list, and how it was narrowed."""
    record(actor, act="registry.list", target=kind, area=area, at=at, purpose=READING, asked=asked)


def count_search(actor: Actor, *, question: Question, at: datetime) -> None:
    """Before the search and outside its transaction. Raises TooMany."""
    what, limit = ("search", SEARCHES_AN_HOUR)
    if question.sort in NUMBERS:
        what, limit = ("number", NUMBERS_AN_HOUR)
    hit(f"registry-{what}:{actor.user_id}", limit=limit, per_seconds=3600, at=at)


def note_search(actor: Actor, *, question: Question, found: int, at: datetime) -> None:
    """A step of a reading: that somebody searched, and by what sort of words. The words themselves
    only hashed, so that a search can be proved and not read."""
    record(
        actor,
        act="registry.search",
        target="registry",
        area=next(iter(actor.paths_for(Permission.REGISTRY_VIEW)), ""),
        at=at,
        purpose=SEARCHING,
        sort=LABELS[question.sort],
        digest=keyed_hash(f"{question.sort}|{question.text}", purpose="registry-search"),
        found=found,
    )


@action
def reveal(
    actor: Actor, *, kind: str, subject_id: int, field: str, purpose: str, at: datetime
) -> Opened:
    """One sealed value, for a purpose, on record. The view counts tries first (`limits.hit`)."""
    model = MODELS.get(kind)
    row = readable(actor, model).filter(pk=subject_id).first() if model else None
    if row is None:
        raise NotFound(NOT_HERE)
    require(actor, Permission.REGISTRY_REVEAL, row)
    words = PURPOSES.get(purpose, "")
    if not words:
        raise InvalidInput("选一个用途再看。", fields={"purpose": "选一个用途再看。"})
    known = _sealed(kind, field)
    note(actor, row, act="registry.reveal", at=at, purpose=words, fields=[known.label])
    return Opened(known.label, text_of(row, known))


@action
def open_own(actor: Actor, *, person_id: int, field: str, at: datetime) -> Opened:
    """What is masked in his own record, by the person himself: no purpose is asked."""
    row = visible(actor, Permission.REGISTRY_OWN, Person.objects.all()).filter(pk=person_id).first()
    if row is None:
        raise NotFound("没有这条登记。")
    known = _sealed(Kind.PERSON, field)
    note(actor, row, act="registry.own", at=at, fields=[known.label])
    return Opened(known.label, text_of(row, known))


def _sealed(kind: str, field: str) -> Field:
    try:
        known = field_of(kind, field)
    except KeyError as error:
        raise NotFound("没有这一项。") from error
    if not known.sealed:
        raise NotFound("这一项不用打开就能看。")
    return known
