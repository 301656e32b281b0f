"""A small register for tests: code sets, who keeps it, and one right way to fill it."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from tests.casework import places
from tests.conftest import NOON
from tests.people import officer
from yukuai.accounts.policy import Actor, Role
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.keeping import Said
from yukuai.registry.models import MODELS
from yukuai.registry.numbers import check_sign

__all__ = ["places"]
DAY = NOON.date()
WINDOW = Said("window", DAY, seen=True)
VISIT = Said("visit", DAY)
POLICE = Said("police", date(2025, 12, 1))
KEEPER = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=11)
NEIGHBOUR = officer(Role.COMMUNITY_STAFF, "1.2.12.113.", user_id=12)
TOWN = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=21)
DISTRICT = officer(Role.DISTRICT_OP, "1.2.", user_id=31)
GRID = officer(Role.GRID_WORKER, "1.2.12.112.", user_id=41)


def citizen(serial: int = 1, born: str = "19900101") -> str:
    """A number nobody has: prefix 509999."""
    body = f"509999{born}{serial:03}"
    return body + check_sign(body)


@pytest.fixture
def codes(db: None) -> None:
    call_command("load_codes", verbosity=0)


def kept(kind: str, actor: Actor = KEEPER, division_id: int = 112, **given: Any) -> Any:
    """A record, as the platform sees it."""
    links = given.pop("links", None)
    said = given.pop("said", WINDOW)
    row = actions.register(
        actor,
        kind=kind,
        division_id=division_id,
        values=given,
        said=said,
        client_uuid=given.pop("client_uuid", uuid4()),
        at=NOON,
        links=links,
    )
    return again(row)


def person(name: str = "水清浅", **given: Any) -> Any:
    return kept("person", name=name, **given)


def building(name: str = "1栋", **given: Any) -> Any:
    return kept("building", name=name, **given)


def dwelling(home: Any, room: str = "101", floor: str = "1", **given: Any) -> Any:
    links = {"building_id": home.pk, **given.pop("links", {})}
    return kept("dwelling", room=room, floor=floor, links=links, **given)


def again(row: Any) -> Any:
    with scope(EVERYWHERE):
        return MODELS[row.kind]._default_manager.select_related("division").get(pk=row.pk)
