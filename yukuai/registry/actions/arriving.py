"""Somebody is registered where he lives: record, occupancy and household, all or nothing."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yukuai.accounts.policy import Actor
from yukuai.kernel.actions import action, as_step
from yukuai.registry.actions.living import join_household, move_in
from yukuai.registry.actions.recording import register
from yukuai.registry.keeping import Said
from yukuai.registry.models import Kept
from yukuai.registry.states import Kind


@dataclass(frozen=True)
class Home:
    """Where he lives and since when; with whom, where that is known."""

    dwelling_id: int
    living: str
    since: date | None = None
    household_id: int | None = None
    relation: str = ""


@action
def take_in(
    actor: Actor,
    *,
    division_id: int,
    values: Mapping[str, str],
    said: Said,
    client_uuid: uuid.UUID,
    home: Home,
    at: datetime,
) -> Kept:
    """A person with the home he lives in, or nothing of it. The same form again is once."""
    person = as_step(register)(
        actor,
        kind=Kind.PERSON,
        division_id=division_id,
        values=values,
        said=said,
        client_uuid=client_uuid,
        at=at,
    )
    as_step(move_in)(
        actor,
        person_id=person.pk,
        dwelling_id=home.dwelling_id,
        living=home.living,
        since=home.since,
        at=at,
    )
    if home.household_id is not None:
        as_step(join_household)(
            actor,
            household_id=home.household_id,
            person_id=person.pk,
            relation=home.relation,
            since=home.since,
            at=at,
        )
    return person
