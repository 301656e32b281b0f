"""What stands on the page of a record: its facts, what belongs to it, what may be done."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from yukuai.accounts.policy import Actor, Permission, check
from yukuai.kernel.clock import today
from yukuai.registry import saying
from yukuai.registry.actions import note_look, note_names
from yukuai.registry.codes import label_of
from yukuai.registry.columns import shown
from yukuai.registry.keeping import permission_to_keep
from yukuai.registry.queries import homes
from yukuai.registry.queries.reading import get_record, list_facts
from yukuai.registry.saying import columns_shown
from yukuai.registry.states import Ending, Kind, Living
from yukuai.workbench.registry.places import ICONS, crumbs_of, record_url, title_of


def record_context(actor: Actor, kind: Kind, record_id: int, at: datetime) -> dict[str, Any]:
    """Whoever is read of or named finds it, recorded in the reading's own transaction."""
    row = get_record(actor, kind=kind, record_id=record_id)
    around = _AROUND.get(kind, _nothing)(actor, row)
    if kind is Kind.PERSON:
        note_look(actor, row=row, at=at)
    note_names(actor, people=_named(around), at=at)
    day = today(at)
    facts = list_facts(actor, row=row, on=day)
    return {
        **head_context(actor, row, day),
        "told": [fact for fact in facts if fact.is_told],
        "blank": [fact.field.label for fact in facts if not fact.is_told],
        "due": any(fact.due for fact in facts if fact.text),
        "asked": [one for fact in facts for one in fact.asked],
        "may_reveal": bool(check(actor, Permission.REGISTRY_REVEAL, row)),
        **around,
    }


def _named(around: Mapping[str, Any]) -> list[Any]:
    """The people whose names stand on the page of a door or of a household."""
    groups = ("dwellers", "former", "members", "left")
    return [one["spell"].person for group in groups for one in around.get(group, ())]


def head_context(actor: Actor, row: Any, day: date) -> dict[str, Any]:
    return {
        "row": row,
        "kind": Kind(row.kind),
        "icon_name": ICONS[Kind(row.kind)],
        "title": title_of(row),
        "age": age_of(row, day) if row.kind == Kind.PERSON else None,
        "ended": Ending(row.ended_why).label if row.ended_why else "",
        "may_edit": bool(check(actor, permission_to_keep(row.kind), row)),
        "case_url": record_url(row),
        "crumbs": crumbs_of(row),
    }


def age_of(row: Any, day: date) -> int | None:
    born = row.birth_date
    if born is None:
        return None
    return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def row_of(row: Any, lives: Sequence[Any], day: date) -> dict[str, Any]:
    """A line of a list."""
    kind = Kind(row.kind)
    return {
        "row": row,
        "title": title_of(row),
        "url": record_url(row),
        "age": age_of(row, day) if kind is Kind.PERSON else None,
        "cells": [(one.label, shown(row, one)) for one in columns_shown(kind)],
        "homes": [(saying.door_of(one.dwelling), Living(one.living).label) for one in lives],
        "ended": Ending(row.ended_why).label if row.ended_why else "",
    }


def _nothing(actor: Actor, row: Any) -> dict[str, Any]:
    return {}


def _around_person(actor: Actor, row: Any) -> dict[str, Any]:
    return {
        "homes": [_home(one) for one in homes.list_homes(actor, person=row)],
        "relation": label_of("relation", row.relation_now) if row.relation_now else "",
        "care": [(one, label_of("care", one.code)) for one in homes.list_care(actor, person=row)],
        "offices": homes.list_offices(actor, person=row),
    }


def _home(one: Any) -> dict[str, Any]:
    return {
        "spell": one,
        "door": saying.door_of(one.dwelling),
        "url": record_url(one.dwelling),
        "living": Living(one.living).label,
    }


def _around_dwelling(actor: Actor, row: Any) -> dict[str, Any]:
    dwellers = homes.list_dwellers(actor, dwelling=row)
    households = homes.list_households_in(actor, dwelling=row)
    members = homes.list_members(actor, household_ids=[one.pk for one in households])
    by_person = {one.person_id: one for one in members if one.until is None}
    return {
        "dwellers": [_dweller(one, by_person) for one in dwellers if one.until is None],
        "former": [_dweller(one, {}) for one in dwellers if one.until is not None],
        "households": [(one, record_url(one), saying.names_of(one, members)) for one in households],
        "bodies": [(one, record_url(one)) for one in homes.list_bodies_in(actor, dwelling=row)],
    }


def _dweller(one: Any, members: Mapping[int, Any]) -> dict[str, Any]:
    return {
        "spell": one,
        "url": record_url(one.person),
        "living": Living(one.living).label,
        "relation": _relation(members.get(one.person_id)),
    }


def _around_household(actor: Actor, row: Any) -> dict[str, Any]:
    members = homes.list_members(actor, household_ids=[row.pk])
    return {
        "members": [_member(one) for one in members if one.until is None],
        "left": [_member(one) for one in members if one.until is not None],
        "no_head": not any(one.relation == saying.HEAD and one.until is None for one in members),
        "door": record_url(row.dwelling) if row.dwelling_id else "",
    }


def _member(one: Any) -> dict[str, Any]:
    return {"spell": one, "url": record_url(one.person), "relation": _relation(one)}


def _relation(member: Any) -> str:
    return label_of("relation", member.relation) if member and member.relation else ""


_AROUND = {
    Kind.PERSON: _around_person,
    Kind.DWELLING: _around_dwelling,
    Kind.HOUSEHOLD: _around_household,
}
