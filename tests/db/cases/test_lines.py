"""A line says of a matter what the matter says of itself."""

from typing import Any

import pytest

from tests.casework import CLERK, enforcement, lamps, pack, places, raised, read, squad, steps
from tests.conftest import NOON
from yukuai.accounts.models import Department
from yukuai.cases.lines import TEXTS, lines_of, list_counted_lines, list_lines
from yukuai.cases.queries import list_cases
from yukuai.kernel.counting import CountOf
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db


def test_a_line_is_the_same_from_the_table_and_from_the_matter(
    lamps: Any, raised: Any, steps: Any
) -> None:
    case = raised(category_id=lamps.pk, place_text="2 单元")
    for step in ("accept", "triage", "dispatch"):
        steps[step](case)
    raised(lon=106.5, lat=29.5)
    with scope(EVERYWHERE):
        rows = list_cases(CLERK)
        found = list_lines(CLERK, rows=rows)
        assert found == lines_of(CLERK, cases=rows)
    later, dispatched = found
    assert (later.category, later.unit, later.is_running) == (None, "", False)
    assert dispatched.category == lamps.name
    assert dispatched.unit == read(case.pk).unit_name
    assert dispatched.is_running
    assert dispatched.state_label == read(case.pk).get_state_display()


def test_the_texts_are_there_only_for_whoever_asked(raised: Any) -> None:
    case = raised(place_text="2 单元")
    with scope(CLERK.areas, CLERK.holders):
        (bare,) = list_lines(CLERK, rows=list_cases(CLERK))
        (whole,) = list_lines(CLERK, rows=list_cases(CLERK), texts=True)
    assert [getattr(bare, name) for name in TEXTS] == ["", "", "", ""]
    assert [getattr(whole, name) for name in TEXTS] == [case.body, "", "2 单元", ""]


def test_the_number_of_all_comes_with_the_first_of_them(raised: Any) -> None:
    with scope(CLERK.areas, CLERK.holders):
        rows = list_cases(CLERK)
        counted = rows.annotate(total=CountOf(rows.order_by().values("pk")))
        assert list_counted_lines(CLERK, rows=counted, total="total") == ([], 0)
    newest = [raised(at=NOON), raised(at=NOON), raised(at=NOON)][-1]
    with scope(CLERK.areas, CLERK.holders):
        lines, total = list_counted_lines(CLERK, rows=counted.all()[:1], total="total")
    assert (lines[0].pk, total) == (newest.pk, 3)


def test_a_renamed_department_is_called_by_its_new_name(
    raised: Any, steps: Any, squad: Any
) -> None:
    case = raised()
    for step in ("accept", "triage", "dispatch"):
        steps[step](case)
    before = _units()
    Department.objects.filter(pk=squad.grants[0].department_id).update(name="城市运行中心")
    assert _units() == {"城市运行中心"} != before


def _units() -> set[str]:
    with scope(EVERYWHERE):
        return {line.unit for line in list_lines(CLERK, rows=list_cases(CLERK))}
