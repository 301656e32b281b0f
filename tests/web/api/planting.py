"""Look-alike places, and in each of them matters full of canaries."""

from datetime import date
from typing import Any
from uuid import uuid4

from tests.casework import read
from tests.conftest import NOON
from tests.people import officer, resident
from tests.web.api import canaries
from yukuai.accounts.actors import phone_key
from yukuai.accounts.policy import Role
from yukuai.cases import actions
from yukuai.cases.actions.intake import Told
from yukuai.cases.models import Case
from yukuai.divisions.models import Division, DivisionCode

A, B, FAR = "a", "b", "far"
PLACES = {A: 112, B: 1121, FAR: 2111}
"""`1.2.12.112.` beside `1.2.12.1121.`, and one in `1.21.`, which is not under `1.2.`"""
LOOK_ALIKES = {
    1121: ("1.2.12.1121.", 12, "community", "南社区东"),
    21: ("1.21.", 1, "district", "南区新区"),
    211: ("1.21.211.", 21, "township", "南区新街"),
    2111: ("1.21.211.2111.", 211, "community", "南区新社区"),
}
CODES = {
    1: "50", 2: "500102", 21: "500121", 12: "500102001", 211: "500121001",
    112: "500102001001", 113: "500102001002", 1121: "500102001121", 2111: "500121001001",
}  # fmt: skip
RAISER = 901


def make_look_alikes(places: dict[int, Division]) -> None:
    """Beside those that there are, and a code for each that matters."""
    for pk, (path, parent, kind, name) in LOOK_ALIKES.items():
        places[pk] = Division.objects.create(
            id=pk, parent=places[parent], kind=kind, name=name, path=path,
            valid_from=date(2020, 1, 1),
        )  # fmt: skip
    for pk, code in CODES.items():
        _name(places[pk], code)


def _name(division: Division, code: str) -> None:
    division.code = code
    division.save()
    DivisionCode.objects.create(
        division=division, scheme="stats", code=code, valid_from=date(2020, 1, 1), source="test"
    )


def make_matters(
    places: dict[int, Division], enforcement: Any, squad: Any
) -> tuple[list[Case], list[canaries.Canary]]:
    cases, planted = [], []
    for name, pk in PLACES.items():
        answered, fresh = (_raise(places[pk], name, count) for count in range(2))
        if name != FAR:
            _answer(answered, name, places[pk], enforcement, squad)
        for case in (answered, fresh):
            planted += canaries.plant(case, name, len(cases))
            cases.append(case)
        planted += [
            canaries.Canary(name, "answer", f"canary-{name}-said"),
            canaries.Canary(name, "reason", f"canary-{name}-reason"),
        ]
    return cases, planted


def _raise(place: Division, name: str, count: int) -> Case:
    told = Told(
        client_uuid=uuid4(),
        division_id=place.pk,
        body=f"canary-{name}-body",
        place_text=f"canary-{name}-place_text",
        phone=f"1990076{count:04d}",
    )
    raiser = resident(RAISER, phone_key(told.phone))
    return read(actions.raise_case(raiser, told=told, at=NOON).case_id)


def _answer(case: Case, name: str, place: Division, enforcement: Any, squad: Any) -> None:
    """So that its events carry words: some for outsiders who declared them, some for nobody."""
    clerk = officer(Role.COMMUNITY_STAFF, place.path, user_id=11)
    one = {"case_id": case.pk, "at": NOON}
    actions.accept_case(clerk, **one)
    actions.triage_case(clerk, triage="major", **one)
    actions.retriage_case(clerk, triage="minor", reason=f"canary-{name}-reason", **one)
    actions.dispatch_case(clerk, unit_id=12, department_id=enforcement.pk, **one)
    actions.sign_case(squad, **one)
    actions.reply_case(squad, answer=f"canary-{name}-said", outcome="solved", **one)
