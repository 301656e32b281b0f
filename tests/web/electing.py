"""People of an election before its pages, each signed in."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.test import Client

from tests.offices import make_post, make_staff
from tests.web.desks import at_most
from yukuai.accounts.models import User
from yukuai.accounts.roles import Role
from yukuai.elections.models import Election
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope

WHO: Mapping[str, tuple[Role, int]] = {
    "committee": (Role.ELECTION_COMMITTEE, 112),
    "neighbour": (Role.ELECTION_COMMITTEE, 113),
    "town": (Role.TOWNSHIP_OP, 12),
    "staff": (Role.COMMUNITY_STAFF, 112),
    "grid": (Role.GRID_WORKER, 112),
    "district": (Role.DISTRICT_OP, 2),
    "other": (Role.DISTRICT_OP, 11),
}


def signed_in(places: Any) -> dict[str, Client]:
    for name, (role, place) in WHO.items():
        make_post(make_staff(name), role, places[place])
    return {name: client_of(name) for name in WHO}


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def at(monkeypatch: Any, moment: datetime) -> Client:
    """The committee signs in at that time."""
    monkeypatch.setattr(clock, "now", lambda: moment)
    return client_of("committee")


def url(election: Election, rest: str = "") -> str:
    return f"/work/elections/{election.number}/{rest}"


def read() -> Election:
    with scope(EVERYWHERE):
        return Election.objects.select_related("division").get()


def words(answer: Any) -> str:
    """What is read on a page, without blanks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def asks_little(client: Client, path: str) -> None:
    """Once it is warm, a page asks the database no more than fifteen things."""
    client.get(path)
    with at_most(15):
        assert client.get(path).status_code == 200, path
