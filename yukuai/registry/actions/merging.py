"""Two records of one person are made one by somebody who has looked at both, and parted again
exactly, as long as nobody has built upon it.

What is kept of the state before and after is whole rows: parting puts back the ones, if what is
there still equals the others.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.registry.catalogue import CITIZEN_ID, FIELDS
from yukuai.registry.columns import texts_of
from yukuai.registry.keeping import (
    STATED,
    bind_number,
    check_same_place,
    note_other,
    remember,
    write_values,
)
from yukuai.registry.models import (
    CareTag,
    Claim,
    Membership,
    Merge,
    NotSame,
    Occupancy,
    OfficeHolder,
    Person,
)
from yukuai.registry.provenance import judge
from yukuai.registry.queries.duplicates import NOBODY, get_merge
from yukuai.registry.snapshots import Frozen, as_json, freeze, remade, thaw
from yukuai.registry.states import Ending, Kind, Standing

HEAD = "02"
TABLES: dict[str, Any] = {
    "person": Person,
    "occupancy": Occupancy,
    "membership": Membership,
    "care": CareTag,
    "claim": Claim,
    "office": OfficeHolder,
}
State = dict[str, dict[str, Frozen]]
CHANGED = "合并以后，{what}又有变化，不能原样分开。请在留下的那条上更正。"
WORDS = {
    "person": "登记的内容",
    "occupancy": "居住情况",
    "membership": "家庭关系",
    "care": "服务标签",
    "claim": "别人的说法或本人的申请",
    "office": "任职",
}


@action
def merge_people(actor: Actor, *, kept_id: int, gone_id: int, reason: str, at: datetime) -> Merge:
    """All that hangs on one record goes to the other; values that compete become statements."""
    kept, gone = _lock_both(actor, kept_id, gone_id)
    _check_one(kept, gone, reason)
    before = _state(kept, gone)
    _end(gone, kept, at)
    moved = {
        "occupancy": _along(Occupancy, kept, gone, "dwelling_id", at),
        "membership": _belong(kept, gone, at),
        "care": _along(CareTag, kept, gone, "code", at),
    }
    offices = OfficeHolder.objects.filter(person=gone)
    moved["office"] = list(offices.values_list("pk", flat=True))
    offices.update(person=kept)
    kept.holders = list(dict.fromkeys([*kept.holders, *gone.holders]))
    kept.changed_at = at
    kept.save(update_fields=["holders", "changed_at"])
    bind_number(gone)
    moved["claim"] = _move_claims(kept, gone)
    _compare(kept, gone, at)
    merge = Merge.objects.create(
        kept=kept,
        gone=gone,
        moved=moved,
        before=as_json({"before": before, "after": _state(kept, gone)}),
        reason=reason.strip()[:200],
        merged_by=actor.label,
        merged_at=at,
        division=kept.division,
    )
    for row, other in ((kept, gone), (gone, kept)):
        remember(actor, row, act="person.merge", at=at, purpose=merge.reason, other=other.target)
    return merge


@action
def unmerge(actor: Actor, *, merge_id: int, at: datetime) -> None:
    """Both records are as they were. Raises Conflict and says what stands against it."""
    seen = get_merge(actor, merge_id=merge_id)
    kept, gone = _lock_both(actor, seen.kept_id, seen.gone_id)
    merge = Merge.objects.select_for_update().get(pk=merge_id)
    if merge.undone_at is not None:
        raise Conflict("这次合并已经撤销过了。")
    states = json.loads(merge.before)
    if kept.ended_on is not None:
        raise Conflict("留下的那条后来又注销或并入了另一条，请先恢复它。")
    _check_untouched(states["after"], kept, gone)
    _put_back(states["before"], states["after"], kept.division)
    merge.undone_at, merge.undone_by = at, actor.label
    merge.save(update_fields=["undone_at", "undone_by"])
    for row, other in ((kept, gone), (gone, kept)):
        remember(actor, row, act="person.unmerge", at=at, other=other.target)


@action
def say_not_same(actor: Actor, *, one_id: int, other_id: int, at: datetime) -> NotSame:
    """They are two people; they are not proposed again."""
    one, other = _lock_both(actor, *sorted((one_id, other_id)))
    check_same_place(one, other, NOBODY)
    if one.person_key and one.person_key == other.person_key:
        raise Conflict("两条登记的证件号码一样。要是两个人，请先更正写错的那个号码。")
    said, made = NotSame.objects.get_or_create(
        one=one,
        other=other,
        defaults={"division": one.division, "said_by": actor.label, "said_at": at},
    )
    if made:
        for row, two in ((one, other), (other, one)):
            remember(actor, row, act="person.not-same", at=at, other=two.target)
    return said


def _lock_both(actor: Actor, first_id: int, second_id: int) -> tuple[Person, Person]:
    """In the order of their ids, so that two who merge the same people never wait for ever."""
    if first_id == second_id:
        raise InvalidInput("请选两条不同的登记。")
    rows = Person.objects.select_for_update(of=("self",)).select_related("division")
    found = {row.pk: row for row in rows.filter(pk__in=(first_id, second_id)).order_by("pk")}
    if len(found) != 2:
        raise NotFound(NOBODY)
    for row in found.values():
        require(actor, Permission.REGISTRY_MERGE, row)
    return found[first_id], found[second_id]


def _check_one(kept: Person, gone: Person, reason: str) -> None:
    check_same_place(kept, gone, "两条登记不在同一个社区，不能合并。")
    if kept.ended_on is not None or gone.ended_on is not None:
        raise Conflict("其中一条已经注销或合并过了。")
    citizens = kept.id_type in CITIZEN_ID and gone.id_type in CITIZEN_ID
    if citizens and kept.id_no and gone.id_no and kept.id_no != gone.id_no:
        raise Conflict("两条登记的身份证号不一样，是两个人。号码错了请先更正。")
    if not reason.strip():
        raise InvalidInput("请写明怎么知道是同一个人。", fields={"reason": "请写明理由。"})


def _end(gone: Person, kept: Person, at: datetime) -> None:
    """First: a number is registered once a community."""
    gone.ended_on, gone.ended_why = today(at), Ending.MERGED
    gone.merged_into, gone.changed_at = kept, at
    gone.save(update_fields=["ended_on", "ended_why", "merged_into", "changed_at"])


def _along(model: Any, kept: Person, gone: Person, once: str, at: datetime) -> list[int]:
    """What the kept one has already as well is over for the one that goes."""
    open_now = model.objects.filter(person=kept, until=None)
    has = set(open_now.values_list(once, flat=True))
    moved = []
    for row in model.objects.filter(person=gone).order_by("pk"):
        if row.until is None and getattr(row, once) in has:
            _close(row, at)
            continue
        row.person = kept
        row.save(update_fields=["person"])
        moved.append(row.pk)
    return moved


def _belong(kept: Person, gone: Person, at: datetime) -> list[int]:
    """One household at a time: that of the kept one, whose head he becomes if the other was it."""
    mine = Membership.objects.filter(person=kept, until=None).first()
    moved = []
    for row in Membership.objects.filter(person=gone).order_by("pk"):
        if row.until is None and mine is not None:
            if row.relation == HEAD and row.household_id == mine.household_id:
                mine.relation = HEAD
                mine.save(update_fields=["relation"])
            _close(row, at)
            continue
        row.person = kept
        row.save(update_fields=["person"])
        moved.append(row.pk)
    return moved


def _close(row: Any, at: datetime) -> None:
    row.until = max(today(at), row.since or today(at))
    row.save(update_fields=["until"])


def _move_claims(kept: Person, gone: Person) -> list[int]:
    """What was said of one is said of the other; the same twice is once."""
    mine = Claim.objects.filter(kind=Kind.PERSON, subject_id=kept.pk)
    mine.update(holders=kept.holders)
    said = {(c.field, c.standing, c.digest) for c in mine}
    asked = {c.field for c in mine if c.standing == Standing.ASKED}
    moved = []
    for claim in Claim.objects.filter(kind=Kind.PERSON, subject_id=gone.pk).order_by("pk"):
        again = claim.standing == Standing.OTHER and (
            (claim.field, claim.standing, claim.digest) in said
        )
        if again or (claim.standing == Standing.ASKED and claim.field in asked):
            claim.delete()
            continue
        claim.subject_id, claim.holders = kept.pk, kept.holders
        claim.save(update_fields=["subject_id", "holders"])
        moved.append(claim.pk)
    return moved


def _compare(kept: Person, gone: Person, at: datetime) -> None:
    """Values only the other had are taken over, with their evidence; those that compete are kept
    as statements, whichever weighs more: a person has chosen."""
    mine, other = texts_of(kept), texts_of(gone)
    wanted = {name for name, text in other.items() if text and not mine[name]}
    if "id_no" in wanted:
        wanted |= {name for name in STATED if other[name]}
    by_number = {"id_no", *STATED} if "id_no" in wanted else set()
    for names in (by_number & wanted, *({name} for name in sorted(wanted - by_number))):
        if names:
            first = "id_no" if "id_no" in names else next(iter(names))
            values = {name: other[name] for name in names}
            write_values(kept, values, gone.evidence(first), at=at, decided=True)
    for field in FIELDS[Kind.PERSON]:
        name, text = field.name, other[field.name]
        if name in wanted or not text:
            continue
        if text != mine[name]:
            note_other(kept, name, text, gone.evidence(name), at=at)
        elif judge(gone.evidence(name), kept.evidence(name), on=today(at)).prevails:
            write_values(kept, {name: text}, gone.evidence(name), at=at)


def _state(kept: Person, gone: Person) -> State:
    """Every row that a merge may touch, whole, by table and id."""
    both = (kept.pk, gone.pk)
    state: State = {}
    for table, model in TABLES.items():
        if table == "person":
            rows = model.objects.filter(pk__in=both)
        elif table == "claim":
            rows = model.objects.filter(kind=Kind.PERSON, subject_id__in=both)
        else:
            rows = model.objects.filter(person_id__in=both)
        state[table] = {str(row.pk): freeze(row) for row in rows}
    return json.loads(as_json(state))  # type: ignore[no-any-return]


def _check_untouched(after: State, kept: Person, gone: Person) -> None:
    now = _state(kept, gone)
    for table, rows in after.items():
        if any(now[table].get(pk) != frozen for pk, frozen in rows.items()):
            raise Conflict(CHANGED.format(what=WORDS[table]))


def _put_back(before: State, after: State, division: Any) -> None:
    """What came after the merge stays with the record that was kept."""
    for table in ("claim", *(name for name in TABLES if name != "claim")):
        model = TABLES[table]
        new = after[table].keys() - before[table].keys()
        model.objects.filter(pk__in=new).delete()
        for pk in _in_order(before[table], after[table]):
            frozen = before[table][pk]
            row = model.objects.filter(pk=pk).first()
            if row is None:
                remade(model, frozen, division=division).save(force_insert=True)
            else:
                row.save(update_fields=thaw(row, frozen))


def _in_order(before: dict[str, Frozen], after: dict[str, Frozen]) -> Iterator[str]:
    """The kept person first: a number is free before the other takes it again."""
    changed = [pk for pk, frozen in before.items() if after.get(pk) != frozen]
    yield from sorted(changed, key=lambda pk: bool(after.get(pk, {}).get("ended_on")))
