"""Everybody who may call: systems with a key, and people whose sessions open nothing here."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from tests.conftest import NOON
from tests.offices import make_post, make_staff
from tests.web.api import canaries
from tests.web.api.planting import FAR, PLACES, RAISER, A, B
from yukuai.accounts.actors import client_key_hash
from yukuai.accounts.models import ApiClient, User
from yukuai.accounts.policy import Role
from yukuai.cases.public import DECLARABLE
from yukuai.divisions.models import Division


@dataclass(frozen=True)
class Caller:
    """`may`: place and field of what he has a right to; `key` or a signed-in `client`."""

    name: str
    key: str = ""
    client: Client = field(default_factory=Client)
    may: frozenset[tuple[str, str]] = frozenset()


def everybody(places: dict[int, Division], enforcement: Any) -> list[Caller]:
    return [*_without_a_key(places, enforcement), *_keys(places)]


def _keys(places: dict[int, Division]) -> list[Caller]:
    """Outside systems: of each community, of the district above two of them, of one that declared
    nothing, and of one that is over."""
    of = {A: {A}, B: {B}, FAR: {FAR}}
    made = [
        _key(f"key of {place}", places[PLACES[place]], own=own, fields=list(DECLARABLE))
        for place, own in of.items()
    ]
    made.append(_key("key of the district", places[2], own={A, B}, fields=["body", "answer"]))
    made.append(_key("key without fields", places[PLACES[A]], own={A}, fields=[]))
    made.append(_key("key that is over", places[PLACES[A]], own=set(), fields=list(DECLARABLE)))
    ApiClient.objects.filter(name=made[-1].name).update(valid_to=NOON - timedelta(hours=1))
    return made


def _key(name: str, division: Division, *, own: set[str], fields: list[str]) -> Caller:
    key = name.replace(" ", "-")
    ApiClient.objects.create(
        division=division,
        name=name,
        purpose="把来电转给社区",
        key_hash=client_key_hash(key),
        may_write=True,
        fields=fields,
        valid_from=NOON - timedelta(days=1),
        created_by="test",
        per_minute=1_000_000,
    )
    may = {(place, name) for place in own for name in (*fields, *canaries.PUBLIC)}
    return Caller(name, key=key, may=frozenset(may))


def _without_a_key(places: dict[int, Division], enforcement: Any) -> list[Caller]:
    """A session opens nothing here, whoever is signed in: interfaces look at keys alone."""
    resident = Caller("a resident")
    resident.client.force_login(User.objects.create(pk=RAISER, kind="resident", username="r1"))
    found = [Caller("nobody"), resident]
    for name, role, division, department in (
        ("an officer of a", Role.COMMUNITY_STAFF, places[PLACES[A]], None),
        ("an officer of b", Role.COMMUNITY_STAFF, places[PLACES[B]], None),
        ("a department's officer", Role.DEPT_OP, places[12], enforcement),
    ):
        caller = Caller(name)
        user = make_staff(name.replace(" ", "-"))
        make_post(user, role, division, department=department)
        caller.client.force_login(user)
        found.append(caller)
    return found
