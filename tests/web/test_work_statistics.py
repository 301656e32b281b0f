"""Statistics by area, category and time: the page, its table as a file, and who may see it."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.casework import LIN, enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.db.cases.test_moves import walk
from tests.sheets import read_xlsx
from tests.web.desks import at_most, at_noon, desk
from yukuai.audit.models import AuditEntry
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = [
    "at_noon",
    "desk",
    "enforcement",
    "lamps",
    "pack",
    "places",
    "raised",
    "squad",
    "steps",
]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PATH = "/work/statistics/"


def page(client: Any, path: str = PATH, **said: str) -> Any:
    answer = client.get(path, said)
    assert answer.status_code == 200
    return answer


def received(answer: Any) -> dict[str, int]:
    return {shown.line.label: shown.cells[0].value for shown in answer.context["table"].rows}


@pytest.fixture
def few(raised: Any, lamps: Any) -> None:
    for at in (NOON, NOON - DAY, NOON - 40 * DAY):
        raised(LIN, at=at, category_id=lamps.pk)
    raised(LIN, at=NOON - timedelta(hours=1))


def test_the_same_matters_by_area_category_and_time(desk, few):
    client = desk("district")
    assert received(page(client))["南街"] == 3
    assert received(page(client, by="category")) == {"公共设施损坏": 2, "没有选类": 1}
    by_day = received(page(client, by="time"))
    assert (by_day["3月1日"], by_day["3月2日"]) == (1, 2)


def test_a_category_is_followed_down_to_its_areas(desk, few, lamps):
    answer = page(desk("district"), by="area", category=str(lamps.pk))
    assert received(answer)["南街"] == 2
    assert "公共设施损坏" in answer.content.decode()


def test_of_few_matters_no_rate_is_shown(desk, raised, steps):
    for _ in range(4):
        walk(raised(), steps, "rated")
    answer = page(desk("district"))
    assert answer.context["figures"][4]["value"] == "样本太少"
    walk(raised(), steps, "rated")
    answer = page(desk("district"))
    assert answer.context["figures"][4]["value"] == "100.0%"
    assert "5 / 5" in answer.context["figures"][4]["below"]


def test_days_one_chooses_are_compared_with_as_many_before(desk, raised):
    for at in (NOON, NOON - DAY, NOON - 2 * DAY, NOON - 3 * DAY, NOON - 9 * DAY):
        raised(LIN, at=at)
    answer = page(desk("district"), since="2026-03-01", until="2026-03-02")
    assert (answer.context["found"].total.now.received) == 2
    assert (answer.context["found"].total.before.received) == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"since": "2026-03-02", "until": "2026-03-01"}, "开始的日子要在结束的日子之前。"),
        ({"since": "2026-03-01", "until": "2026-03-03"}, "结束的日子不能晚于今天。"),
        ({"since": "2001-03-01"}, "一次最多看 1098 天，请改近一点。"),
        ({"until": "2026-03-01"}, "请填从哪一天起。"),
        ({"since": "昨天"}, "请填日期，例如 2026-03-02。"),
    ],
)
def test_days_that_make_no_sense_are_kept_and_said(desk, raised, said, sentence):
    raised()
    html = page(desk("district"), **said).content.decode()
    assert sentence in html
    assert f'value="{next(iter(said.values()))}"' in html
    assert "下面没有按它数" in html


def test_without_a_matter_the_page_says_so(desk, places, pack):
    assert "这段时间没有诉求" in page(desk("district")).content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("by", ["area", "category", "time"])
def test_a_file_holds_what_the_page_shows_and_is_on_record(desk, few, form, by):
    client = desk("district")
    shown = page(client, "/work/statistics/2/", by=by).context["table"]
    answer = client.get(f"/work/statistics/2/table.{form}", {"by": by})
    assert answer.status_code == 200
    expected = [shown.labels, *([str(cell) for cell in row] for row in shown.sheet)]
    assert rows_of(answer.content, form) == expected
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="statistics.take")
    assert (entry.area, entry.details["form"], entry.details["by"]) == ("1.2.", form, by)


def rows_of(content: bytes, form: str) -> list[list[str]]:
    if form == "csv":
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        return [row for row in rows if not row[0].startswith("#")]
    return read_xlsx(content)["统计"].rows[1:]


def test_no_file_holds_a_person(desk, raised):
    raised(LIN, name="林小满", phone="19900000417")
    text = desk("district").get("/work/statistics/2/table.csv").content.decode()
    assert "林小满" not in text
    assert "19900000417" not in text


def test_beside_ones_own_tree_there_are_no_statistics(desk, raised):
    client = desk("district")
    for division in (11, 1, 987654321):
        assert client.get(f"/work/statistics/{division}/").status_code == 404
        assert client.get(f"/work/statistics/{division}/table.csv").status_code == 404
    with scope(EVERYWHERE):
        assert not AuditEntry.objects.filter(act="statistics.take").exists()


@pytest.mark.parametrize("by", ["area", "category", "time"])
@pytest.mark.parametrize("place", [2, 12, 112])
def test_the_page_asks_the_database_fifteen_times_at_most(desk, few, by, place):
    client = desk("district")
    path = f"/work/statistics/{place}/"
    page(client, path, by=by)
    with at_most(15):
        page(client, path, by=by)
