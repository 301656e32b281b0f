"""学到的建议: what the active version is worth by category, and who may change which one speaks."""

from datetime import timedelta

import pytest

from tests.casework import lamps
from tests.conftest import NOON
from tests.web.admin_offices import acts, at_noon, places, window, words
from tests.web.desks import at_most
from yukuai.cases import learned
from yukuai.cases.models import TriageModel
from yukuai.engines.triage import Model

__all__ = ["at_noon", "lamps", "places", "window"]
pytestmark = pytest.mark.django_db
PAGE = "/work/categories/learned/"
LABEL = {"texts": 40, "said": 30, "precision": 966, "recall": 725, "f1": 828}
HEAD = {
    "texts": 120,
    "precision": 957,
    "recall": 800,
    "silent": 143,
    "calibration_error": 21,
    "labels": {"05": LABEL},
}
FIGURES = {"category": HEAD, "triage": HEAD, "words": {"category": HEAD | {"precision": 612}}}


@pytest.fixture(autouse=True)
def forgotten():
    learned._unpacked.clear()
    yield
    learned._unpacked.clear()


def version(number, *, active=False):
    return TriageModel.objects.create(
        version=number,
        trained_at=NOON - timedelta(days=10 - number),
        texts=2000 + number,
        data=Model({}, 0).dump(),
        figures=FIGURES,
        active=active,
        activated_at=NOON if active else None,
    )


@pytest.fixture
def system(window):
    return window("system")


def test_before_anything_is_learned_the_page_says_how_to_begin(system, lamps):
    shown = words(system.get(PAGE))
    assert "没有在用的一版，现在只按类别表里的词给建议" in shown
    assert "manage.py train_triage" in shown


def test_the_page_shows_the_figures_of_the_active_version_by_category(system, lamps):
    version(1)
    version(2, active=True)
    shown = words(system.get(PAGE))
    for said in ("在用：第 2 版", "2002", "95", "61", lamps.name, "96%", "72%", "第 1 版"):
        assert said in shown


def test_the_page_is_reached_from_the_categories_and_costs_few_statements(system, lamps):
    assert PAGE in words(system.get("/work/categories/"))
    for number in range(1, 9):
        version(number, active=number == 8)
    with at_most(15):
        system.get(PAGE)


def test_a_version_is_put_in_use_with_a_reason_after_the_page_said_what_follows(system):
    version(1)
    assert "没把握，再按类别表里的词" in words(system.get(f"{PAGE}1/"))
    refused = system.post(f"{PAGE}1/", {"reason": " "})
    assert refused.status_code == 422
    assert not TriageModel.objects.get().active
    answer = system.post(f"{PAGE}1/", {"reason": "看过准确率"})
    assert answer.headers["Location"] == PAGE
    row = TriageModel.objects.get()
    assert (row.active, row.activated_by.startswith("王小满")) == (True, True)
    assert acts("triage-model.activate")[0].details["reason"] == "看过准确率"


def test_it_is_retired_and_the_version_stays(system):
    version(1, active=True)
    assert system.post(f"{PAGE}retire/", {"reason": "先不用"}).headers["Location"] == PAGE
    row = TriageModel.objects.get()
    assert (row.active, row.retired_at) == (False, NOON)


def test_a_version_nobody_learned_is_not_there(system):
    assert system.get(f"{PAGE}7/").status_code == 404


def test_the_administrator_of_a_district_reads_and_changes_nothing(window, lamps):
    south = window("system-south")
    version(1, active=True)
    version(2)
    shown = words(south.get(PAGE))
    assert "您可以看，不能换" in shown
    assert f"{PAGE}2/" not in shown
    assert south.post(f"{PAGE}2/", {"reason": "换"}).status_code == 403
    assert south.post(f"{PAGE}retire/", {"reason": "停"}).status_code == 403
    assert TriageModel.objects.get(active=True).version == 1
