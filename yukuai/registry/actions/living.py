"""人房关联: who lives where, who belongs together, which service somebody is entitled to."""

from datetime import date, datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.registry.codes import label_of, labels_of
from yukuai.registry.keeping import check_same_place, lock_record, remember
from yukuai.registry.models import CareTag, Entrance, Membership, Occupancy
from yukuai.registry.states import Kind, Living

HEAD = "02"
"""户主, GB/T 4761."""
ELSEWHERE = "人和房屋不在同一个社区。"


@action
def add_entrance(actor: Actor, *, building_id: int, name: str, at: datetime) -> Entrance:
    building = lock_record(actor, Kind.BUILDING, building_id)
    tidy = " ".join(name.split())
    if not 0 < len(tidy) <= 20:
        raise InvalidInput("请填写单元名称，最多 20 个字。", fields={"name": "请填写单元名称。"})
    entrance: Entrance
    entrance, made = Entrance.objects.get_or_create(
        building=building,
        name=tidy,
        defaults={"division": building.division, "order": building.entrances.count()},
    )
    if made:
        remember(actor, building, act="building.entrance", at=at, name=tidy)
    return entrance


@action
def move_in(
    actor: Actor,
    *,
    person_id: int,
    dwelling_id: int,
    living: str,
    since: date | None,
    at: datetime,
) -> Occupancy:
    """A person lives in a dwelling from a day on. Who lives there already as the same stays."""
    person = lock_record(actor, Kind.PERSON, person_id)
    dwelling = lock_record(actor, Kind.DWELLING, dwelling_id)
    check_same_place(person, dwelling, ELSEWHERE)
    _check_counted(person, dwelling)
    if living not in Living.values:
        raise InvalidInput("请选择居住情况。", fields={"living": "请选择居住情况。"})
    _check_day(since, at)
    known = Occupancy.objects.filter(person=person, dwelling=dwelling, until=None).first()
    if known is not None and known.living == living:
        return known
    if known is not None:
        known.until = max(since or today(at), known.since or date.min)
        known.save(update_fields=["until"])
    made = Occupancy.objects.create(
        person=person,
        dwelling=dwelling,
        living=living,
        since=since,
        division=person.division,
    )
    remember(actor, person, act="person.move-in", at=at, dwelling=dwelling.pk, living=living)
    return made


@action
def move_out(actor: Actor, *, occupancy_id: int, until: date, at: datetime) -> None:
    found = Occupancy.objects.filter(pk=occupancy_id).first()
    if found is None:
        raise NotFound("没有这条居住记录。")
    person = lock_record(actor, Kind.PERSON, found.person_id)
    occupancy = Occupancy.objects.select_for_update().get(pk=occupancy_id)
    if occupancy.until is not None:
        raise Conflict("已经办过迁出。")
    _check_day(until, at)
    if occupancy.since and until < occupancy.since:
        sentence = f"迁出不能早于入住（{occupancy.since}）。"
        raise InvalidInput(sentence, fields={"until": sentence})
    occupancy.until = until
    occupancy.save(update_fields=["until"])
    remember(actor, person, act="person.move-out", at=at, dwelling=occupancy.dwelling_id)


@action
def join_household(
    actor: Actor,
    *,
    household_id: int,
    person_id: int,
    relation: str,
    since: date | None,
    at: datetime,
) -> Membership:
    """A person belongs to one household at a time: the former membership ends."""
    household = lock_record(actor, Kind.HOUSEHOLD, household_id)
    person = lock_record(actor, Kind.PERSON, person_id)
    check_same_place(household, person, "这一户和这个人不在同一个社区。")
    _check_counted(household, person)
    if relation and relation not in labels_of("relation"):
        raise InvalidInput("请选择与户主的关系。", fields={"relation": "请选择与户主的关系。"})
    _check_day(since, at)
    if relation == HEAD:
        _check_head(household, person)
    now = Membership.objects.filter(person=person, until=None).first()
    if now is not None and now.household_id == household.pk:
        now.relation = relation
        now.save(update_fields=["relation"])
        return now
    if now is not None:
        now.until = max(since or today(at), now.since or date.min)
        now.save(update_fields=["until"])
    made = Membership.objects.create(
        household=household,
        person=person,
        relation=relation,
        since=since,
        division=person.division,
    )
    remember(actor, person, act="person.join-household", at=at, household=household.pk)
    return made


@action
def leave_household(actor: Actor, *, person_id: int, until: date, at: datetime) -> None:
    person = lock_record(actor, Kind.PERSON, person_id)
    _check_day(until, at)
    now = Membership.objects.filter(person=person, until=None).first()
    if now is None:
        raise Conflict("这个人现在不在任何一户里。")
    now.until = max(until, now.since or until)
    now.save(update_fields=["until"])
    remember(actor, person, act="person.leave-household", at=at, household=now.household_id)


@action
def tag_care(
    actor: Actor,
    *,
    person_id: int,
    code: str,
    basis: str,
    since: date,
    until: date | None,
    at: datetime,
) -> CareTag:
    """For service alone, with the document it rests on; twice the same is once."""
    person = lock_record(actor, Kind.PERSON, person_id)
    if code not in labels_of("care"):
        raise InvalidInput("请选择服务类别。", fields={"code": "请选择服务类别。"})
    if not basis.strip():
        raise InvalidInput("请写明依据。", fields={"basis": "请写明依据哪份文件或证明。"})
    if until is not None and until < since:
        raise InvalidInput("截止不能早于开始。", fields={"until": "截止不能早于开始。"})
    known: CareTag | None = person.care_tags.filter(code=code, until=None).first()
    if known is not None:
        return known
    made = CareTag.objects.create(
        person=person,
        code=code,
        basis=basis.strip()[:200],
        since=since,
        until=until,
        noted_by=actor.label,
        noted_at=at,
        division=person.division,
    )
    remember(actor, person, act="person.care", at=at, care=label_of("care", code))
    return made


@action
def end_care(actor: Actor, *, tag_id: int, until: date, at: datetime) -> None:
    tag = CareTag.objects.filter(pk=tag_id).first()
    if tag is None:
        raise NotFound("没有这条服务标签。")
    person = lock_record(actor, Kind.PERSON, tag.person_id)
    tag.until = max(until, tag.since or until)
    tag.save(update_fields=["until"])
    remember(actor, person, act="person.care-end", at=at, care=label_of("care", tag.code))


def _check_counted(*rows: Any) -> None:
    for row in rows:
        if row.ended_on is not None:
            raise Conflict("这一条已经注销，请先恢复。")


def _check_day(day: date | None, at: datetime) -> None:
    if day is not None and day > today(at):
        raise InvalidInput("日期不能晚于今天。", fields={"since": "日期不能晚于今天。"})


def _check_head(household: Any, person: Any) -> None:
    heads = household.members.filter(relation=HEAD, until=None).exclude(person=person)
    if heads.exists():
        raise Conflict("这一户已经有户主，请先改原户主的关系。")
