"""Outside systems for tests: registered by an officer, run on 127.0.0.1, the worker by hand."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import CLERK, DISTRICT
from tests.conftest import NOON
from tests.standins.server import StandIn
from tests.standins.shapes import SHAPES
from yukuai.cases import actions as cases
from yukuai.cases.models import Case
from yukuai.divisions.models import Division, DivisionCode
from yukuai.exchange.actions.systems import Settings, create_system, set_routes
from yukuai.exchange.gateways.protocol import preset
from yukuai.exchange.models import ExternalCase, ExternalSystem, Notice, Parcel
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import StateChange

WAITS = (60, 300)


@pytest.fixture
def world(places: dict[int, Division], pack: Any) -> dict[int, Division]:
    """Places that outsiders can name, and the words of our messages."""
    for division in places.values():
        DivisionCode.objects.create(
            division=division,
            scheme="stats",
            code=division.code,
            valid_from=date(2020, 1, 1),
            source="test",
        )
    call_command("load_message_templates", verbosity=0)
    return places


@pytest.fixture
def clock() -> Iterator[Any]:
    """It stands at noon until somebody moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def stand_in() -> Iterator[Callable[[str], StandIn]]:
    running: list[StandIn] = []

    def start(kind: str) -> StandIn:
        running.append(StandIn(SHAPES[kind](), start=NOON))
        return running[-1]

    yield start
    for one in running:
        one.stop()


def settings_for(kind: str, url: str, **changed: Any) -> Settings:
    words: dict[str, Any] = {
        "name": SHAPES[kind].__name__.lower() + "系统",
        "base_url": url,
        "keeper": "南区值班室 000",
        "protocol": preset(kind),
        "retry_seconds": WAITS,
        "jitter_percent": 0,
        "connect_seconds": 2,
        "read_seconds": 1,
        **changed,
    }
    return Settings(**words)


def register(kind: str, url: str, *, division: int = 2, **changed: Any) -> Any:
    """The system and its secret."""
    return create_system(
        DISTRICT,
        code=f"nq-{kind}",
        kind=kind,
        division_id=division,
        settings=settings_for(kind, url, **changed),
        at=NOON,
    )


@pytest.fixture
def outside(world: Any, stand_in: Any, enforcement: Any, clock: Any) -> Any:
    """`outside(kind)`: a running stand-in that the enforcement squad works in."""

    def start(kind: str = "governance", *, routed: bool = True, **changed: Any) -> StandIn:
        there = stand_in(kind)
        system, there.secret = register(kind, there.url, **changed)
        there.system = system
        if routed:
            set_routes(DISTRICT, code=system.code, department_ids=[enforcement.pk], at=NOON)
        return there

    return start


class Worker:
    """Runs the jobs of the exchange in their order, as often as there are any."""

    def __init__(self) -> None:
        self.done = 0

    def run(self, *, queues: tuple[str, ...] = ("exchange",)) -> None:
        while jobs := list(
            ProcrastinateJob.objects.filter(queue_name__in=queues, id__gt=self.done).order_by("id")
        ):
            for job in jobs:
                self.done = job.id
                app.tasks[job.task_name].func(**job.args)


@pytest.fixture
def worker(db: Any) -> Worker:
    return Worker()


def dispatched(case: Case, enforcement: Any, *, at: datetime = NOON) -> Case:
    one = {"case_id": case.pk, "at": at}
    cases.accept_case(CLERK, **one)
    cases.triage_case(CLERK, triage="major", **one)
    cases.dispatch_case(CLERK, unit_id=12, department_id=enforcement.pk, **one)
    return case


def link_of(system: ExternalSystem, case: Case) -> ExternalCase:
    with scope(EVERYWHERE):
        return ExternalCase.objects.select_related("case", "system").get(system=system, case=case)


def parcels() -> list[Parcel]:
    with scope(EVERYWHERE):
        return list(Parcel.objects.order_by("pk"))


def notices(**wanted: Any) -> list[Notice]:
    with scope(EVERYWHERE):
        return list(Notice.objects.filter(**wanted).order_by("sequence", "pk"))


def log(case: Case) -> list[tuple[str, str]]:
    """Move and what the resident reads."""
    with scope(EVERYWHERE):
        rows = StateChange.objects.filter(workflow="case", object_id=case.pk).order_by("pk")
        return [(row.move, row.said) for row in rows]


def later(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)
