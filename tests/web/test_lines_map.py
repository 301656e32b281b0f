"""The map of a draft: the page the editor stands on, and the sheet of paper."""

from types import SimpleNamespace

import pytest

from tests.conftest import NOON
from tests.db.boundaries_fixtures import grown
from tests.mapmaking import tiling
from tests.web.test_work_lines import draft, site, spoil, url
from yukuai.engines.partition import to_geojson, to_wkb
from yukuai.workbench.lines.grounds import size_of
from yukuai.workbench.lines.mapsheet import HEIGHT, WIDTH, Frame, facts_of

__all__ = ["draft", "grown", "site"]
needs_database = pytest.mark.django_db


@needs_database
def test_the_map_says_where_its_draft_is_asked_and_leads_back_without_scripts(site, draft):
    page = site["district"].get(url(draft, "map/"))
    assert page.context["lines_props"] == {
        "draft": url(draft),
        "base": {"tiles": [], "credit": "", "datum": "cgcs2000", "grid": "w"},
    }
    body = page.content.decode()
    assert 'data-island="lines"' in body
    assert body.count(f'href="{url(draft)}"') == 2
    assert "<noscript>" in body


@needs_database
@pytest.mark.parametrize("rest", ["map/", "map.pdf"])
def test_the_map_is_for_those_who_see_the_draft(site, draft, rest):
    assert site["district"].get(url(draft, rest)).status_code == 200
    assert site["city"].get(url(draft, rest)).status_code == 200
    assert site["neighbour"].get(url(draft, rest)).status_code == 404
    assert site["admin"].get(url(draft, rest)).status_code == 403


@needs_database
def test_the_sheet_of_paper_is_a_pdf_also_of_a_dirty_draft(site, draft):
    spoil(site, draft)
    answer = site["district"].get(url(draft, "map.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{draft.number}.pdf"'
    assert answer.content.startswith(b"%PDF-")


def sheet_of(clean):
    children = [
        (SimpleNamespace(name=name), SimpleNamespace(drawn=to_geojson(area)))
        for name, area in clean.children.items()
    ]
    undrawn = (SimpleNamespace(name="还没画"), SimpleNamespace(drawn=None))
    return SimpleNamespace(parent=to_wkb(clean.parent), children=[*children, undrawn])


DRAFT = SimpleNamespace(
    number="JX-1", division=SimpleNamespace(name="某区"), layer_word="乡镇（街道）", basis="",
    get_state_display=lambda: "正在画", illustrative=True, effective=None, drawn_by="某区",
    approved_by="",
)  # fmt: skip


def test_all_of_it_lies_on_the_sheet_and_what_is_not_drawn_is_left_out():
    clean = tiling(3, children=5, step_m=900, size_m=24_000)
    facts = facts_of(DRAFT, sheet_of(clean), review_number="渝S(2026)001号", at=NOON)
    assert [one["name"] for one in facts["children"]] == list(clean.children)
    points = [at for ring in facts["parent"] for at in ring]
    across, down = zip(*points, strict=True)
    assert min(min(across), min(down)) >= 0
    share = max((max(across) - min(across)) / WIDTH, (max(down) - min(down)) / HEIGHT)
    assert share == pytest.approx(1)
    assert max(max(across) / WIDTH, max(down) / HEIGHT) <= 1
    assert facts["review_number"] == "渝S(2026)001号"


def test_the_scale_bar_is_round_and_true():
    clean = tiling(3, children=5, step_m=900, size_m=24_000)
    length, words = Frame([clean.parent]).bar()
    assert words == "5 千米"
    metres = length / Frame([clean.parent]).scale * 0.01113195
    assert metres == pytest.approx(5_000, rel=1e-3)
    assert length <= 40


def test_a_draft_without_any_line_is_an_empty_sheet():
    sheet = SimpleNamespace(parent=None, children=[])
    facts = facts_of(DRAFT, sheet, review_number="", at=NOON)
    assert (facts["parent"], facts["children"], facts["bar"]) == ([], [], 0.0)


@pytest.mark.parametrize(
    ("m2", "words"),
    [
        (0.2, "不到 1 平方米"),
        (4_567.8, "4,568 平方米"),
        (45_678, "4.6 公顷"),
        (4_567_800, "4.6 平方公里"),
    ],
)
def test_ground_is_told_in_a_unit_one_can_picture(m2, words):
    assert size_of(m2) == words
