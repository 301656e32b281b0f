"""A small demonstration day agrees with its ledger, and a lie on either side is named."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.db.test_account_demo import _place
from tests.offices import make_department
from yukuai.cases.models import Case
from yukuai.divisions.models import Division
from yukuai.flows.demoday import day as days
from yukuai.flows.demoday.compare import compare
from yukuai.flows.demoday.roster import DISTRICT, OFFICES, TOWNSHIP, read_town
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
MONDAY = date(2026, 11, 23)
LOADS = ("load_calendar", "load_rulepacks", "load_message_templates", "load_categories")


@pytest.fixture
def town(settings: Any) -> None:
    settings.DEMO = True
    city = _place(1, "50", "city", "重庆市", None)
    district = _place(2, DISTRICT, "district", "渝中区", city)
    township = _place(3, TOWNSHIP, "township", "大溪沟街道", district)
    Division.objects.update(valid_from=date(2023, 6, 30))
    for number, (code, name) in enumerate(read_town(settings.SEED).communities.items(), start=11):
        _place(number, code, "community", name, township)
    for name, code, _number in OFFICES:
        make_department(Division.objects.get(code=code), name)
    for command in (*LOADS, "load_duties"):
        call_command(command, verbosity=0)


def prepared(matters: int) -> days.Day:
    return days.prepare(3, day=MONDAY, matters=matters, seeds=settings.SEED)


def quiet(*_told: object) -> None:
    """Nobody watches."""


def test_sixty_matters_come_out_as_the_ledger_says_and_a_lie_is_named(town, monkeypatch):
    day, seen = prepared(60), []
    monkeypatch.setattr(days, "seat", lambda *args, **at: seen.append(SEAT(*args, **at)) or seen[0])
    result = days.run(day, tell=quiet)
    assert [f"{at} {one}" for at, one in result.differences] == []
    assert sum(map(len, result.figures.values())) > 5000
    ledger = day.ledger(day.evening)
    with scope(EVERYWHERE):
        behind = Case.objects.filter(state="closed").order_by("-closed_at")[:1]
        assert Case.objects.filter(pk__in=behind).update(state="handling", closed_at=None) == 1
    found = [one for one in compare(ledger, day.town, seen[0]) if not one.agrees]
    assert {one.name for one in found if one.group == "监督板"} == {"办结", "在办", "近 7 天办结"}
    assert any("大溪沟街道 本月 在办：应为" in str(one) for one in found)


def test_a_step_that_the_ledger_does_not_know_of_is_named(town):
    day = prepared(8)
    day.counted = day.script.without(len(day.script.steps) - 1)
    result = days.run(day, tell=quiet)
    assert result.differences
    assert all(at in ("24:00", "一周以后") for at, _one in result.differences)


SEAT = days.seat
