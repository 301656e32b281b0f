"""Records are made, amended, confirmed and ended."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yukuai.accounts.policy import Actor, require
from yukuai.divisions.queries import get_division
from yukuai.divisions.states import DivisionKind
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.registry.columns import columns_of, read_form, texts_of
from yukuai.registry.keeping import (
    Said,
    Written,
    bind_number,
    evidence_for,
    labels,
    lock_record,
    new_person_key,
    permission_to_keep,
    remember,
    write_values,
)
from yukuai.registry.links import checked_links
from yukuai.registry.models import MODELS, Building, Claim, Dwelling, Kept
from yukuai.registry.provenance import DEFAULT, all_confirmed, write
from yukuai.registry.states import Ending, Kind

TWICE = {
    "person_once_a_community": ("id_no", "这个证件号码在本社区已经登记过，请找到那一条来改。"),
    "dwelling_once_a_building": ("room", "这栋楼里已经有这个房号。"),
    "building_name_once": ("name", "这里已经有同名的楼栋。"),
    "organisation_once_a_community": ("uscc", "这个统一社会信用代码在本社区已经登记过。"),
    "compound_one_a_division": ("name", "这个小区已经登记过。"),
}


@action
def register(
    actor: Actor,
    *,
    kind: str,
    division_id: int,
    values: Mapping[str, str],
    said: Said,
    client_uuid: uuid.UUID,
    at: datetime,
    links: Mapping[str, int | None] | None = None,
) -> Kept:
    """A new record of a community (of a compound: a record of its division). The same form sent
    again (`client_uuid`) gives the record it made. Raises InvalidInput with a sentence a field."""
    if kind not in MODELS:
        raise NotFound("没有这一类底数。")
    model: Any = MODELS[kind]
    known: Kept | None = model.objects.filter(client_uuid=client_uuid).first()
    if known is not None:
        return known
    division = _home(actor, kind, division_id)
    row = model(division=division, client_uuid=client_uuid, created_at=at, changed_at=at)
    require(actor, permission_to_keep(kind), _Here(division.path))
    taken = read_form(kind, values, today=today(at))
    for name, value in {
        **columns_of(kind, taken),
        **checked_links(actor, kind, links, division),
    }.items():
        setattr(row, name, value)
    row.facts = {DEFAULT: write(evidence_for(actor, said, at))}
    if kind == Kind.PERSON:
        row.holders = [new_person_key(client_uuid)]
    _insert(row)
    remember(actor, row, act=f"{kind}.register", at=at, fields=labels(kind, taken))
    return row  # type: ignore[no-any-return]


@action
def amend(
    actor: Actor,
    *,
    kind: str,
    subject_id: int,
    values: Mapping[str, str],
    said: Said,
    at: datetime,
) -> Written:
    """State values of a record: taken over where they prevail, kept beside it where they do not."""
    row = lock_record(actor, kind, subject_id)
    taken = read_form(kind, values, today=today(at), known=texts_of(row))
    with _once():
        written = write_values(row, taken, evidence_for(actor, said, at), at=at)
    remember(
        actor,
        row,
        act=f"{kind}.amend",
        at=at,
        fields=labels(kind, written.changed),
        noted=labels(kind, written.noted),
    )
    return written


@action
def confirm_unchanged(actor: Actor, *, kind: str, subject_id: int, at: datetime) -> None:
    """“没有变化”: whoever stands before it says that all of it is still so."""
    row = lock_record(actor, kind, subject_id)
    row.facts = all_confirmed(row.facts, on=today(at), by=actor.label)
    row.changed_at = at
    row.save(update_fields=["facts", "changed_at"])
    remember(actor, row, act=f"{kind}.confirm", at=at)


@action
def end_record(
    actor: Actor, *, kind: str, subject_id: int, why: str, on: date, at: datetime
) -> None:
    """Kept for ever, and no longer counted from that day on."""
    row = lock_record(actor, kind, subject_id)
    if row.ended_on is not None:
        raise Conflict("这一条已经注销过了。")
    if why not in Ending.values or why == Ending.MERGED:
        raise InvalidInput("请选择原因。", fields={"why": "请选择原因。"})
    if on > today(at):
        raise InvalidInput("日期不能晚于今天。", fields={"on": "日期不能晚于今天。"})
    _check_empty(row)
    _end(row, on)
    row.ended_on, row.ended_why, row.changed_at = on, why, at
    row.save(update_fields=["ended_on", "ended_why", "changed_at"])
    if kind == Kind.PERSON:
        bind_number(row)
    remember(actor, row, act=f"{kind}.end", at=at, why=Ending(why).label, on=on.isoformat())


@action
def reopen_record(actor: Actor, *, kind: str, subject_id: int, at: datetime) -> None:
    """It was ended by mistake."""
    row = lock_record(actor, kind, subject_id)
    if row.ended_on is None or row.ended_why == Ending.MERGED:
        raise Conflict("这一条没有注销，或者是合并掉的；合并的请用“撤销合并”。")
    row.ended_on, row.ended_why, row.changed_at = None, "", at
    with _once():
        row.save(update_fields=["ended_on", "ended_why", "changed_at"])
    remember(actor, row, act=f"{kind}.reopen", at=at)


class _Here:
    """A place asked about before there is a row in it."""

    def __init__(self, area: str) -> None:
        self.area = area


class _once(transaction.Atomic):
    """What the database knows to be there already is said as a sentence at its field."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        super().__exit__(kind, error, trace)
        if isinstance(error, IntegrityError):
            for constraint, (field, sentence) in TWICE.items():
                if constraint in str(error):
                    raise Conflict(sentence, field=field) from error


def _insert(row: Any) -> None:
    with _once():
        row.save(force_insert=True)


def _home(actor: Actor, kind: str, division_id: int) -> Any:
    division = get_division(actor, division_id=division_id)
    wanted = DivisionKind.COMPOUND if kind == Kind.COMPOUND else DivisionKind.COMMUNITY
    if division.valid_to is not None or division.kind != wanted:
        sentence = f"请选到{wanted.label}这一级。"
        raise InvalidInput(sentence, fields={"division": sentence})
    return division


def _check_empty(row: Any) -> None:
    if isinstance(row, Building) and row.dwellings.filter(ended_on=None).exists():
        raise Conflict("楼里还有房屋，请先注销房屋。")
    if isinstance(row, Dwelling) and row.occupancies.filter(until=None).exists():
        raise Conflict("房里还登记着人，请先办迁出。")


def _end(row: Any, on: date) -> None:
    """Whoever has gone lives nowhere here and belongs to no household; nothing waits for him."""
    if row.kind == Kind.PERSON:
        for spells in (row.occupancies, row.memberships, row.care_tags):
            spells.filter(until=None).update(until=on)
        Claim.objects.filter(kind=row.kind, subject_id=row.pk, standing="asked").update(
            standing="refused", answer="记录已注销"
        )
    if row.kind == Kind.HOUSEHOLD:
        row.members.filter(until=None).update(until=on)
