"""派单: the tree of those who may be given a matter, and why the others may not."""

import pytest

from tests.casework import enforcement, lamps, pack, places, raised, read, squad, steps
from tests.conftest import NOON
from tests.offices import make_department
from tests.people import officer
from tests.web.desks import at_noon, desk, part
from tests.web.test_work_casework import everything, post, url, walk
from yukuai.accounts.roles import Role
from yukuai.cases.models import Category
from yukuai.cases.queries import get_case
from yukuai.cases.suggesting import suggest_unit
from yukuai.cases.targets import flatten, list_targets, narrow, parse_key
from yukuai.divisions.models import Division
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.scope import scope

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
CITY = officer(Role.CITY_OP, "1.", user_id=91)


@pytest.fixture
def filth(db):
    return Category.objects.create(
        code="04",
        name="市容环卫",
        plain_name="卫生",
        words=["垃圾"],
        triage="major",
        why="属于市容环卫管理。",
        department_kind="综合执法",
        source="test",
    )


@pytest.fixture
def triaged(raised, steps, filth, places):
    make_department(places[2], name="区城管局", initials="qcgj", order=1)
    make_department(places[1], name="市城管局", initials="scgj")
    make_department(places[11], name="北区城管局", initials="bqcgj")
    case = raised(category_id=filth.pk, wanted="请清掉。", place_text="南门口")
    return walk(case, steps, "accept", "triage")


def targets_of(case):
    with scope(CITY.areas):
        return list_targets(CITY, case=get_case(CITY, case_id=case.pk), at=NOON)


def test_the_tree_holds_the_chain_of_the_place_and_nothing_else(triaged):
    names = [(t.name, bool(t.why)) for t in flatten(targets_of(triaged))]
    assert names == [
        ("南区", False),
        ("南街", False),
        ("南社区", True),
        ("综合行政执法大队", False),
        ("区城管局", False),
        ("某市", True),
        ("市城管局", False),
    ]


def test_each_says_how_much_lies_open_with_it(triaged, raised, steps):
    for body in ("一。", "二。"):
        walk(raised(body=body), steps, "accept", "triage", "dispatch")
    loads = {t.name: t.load for t in flatten(targets_of(triaged))}
    assert (loads["综合行政执法大队"], loads["区城管局"]) == (2, 0)


def test_a_search_keeps_the_branches_that_answer(triaged):
    targets = targets_of(triaged)
    assert [t.name for t in flatten(narrow(targets, text="城管"))] == [
        "南区",
        "区城管局",
        "某市",
        "市城管局",
    ]
    assert [t.name for t in flatten(narrow(targets, text="QCG"))] == ["南区", "区城管局"]
    assert narrow(targets, text="没有这个") == []


def test_the_suggestion_is_the_nearest_department_of_the_kind(triaged):
    with scope(CITY.areas):
        case = get_case(CITY, case_id=triaged.pk)
        advice = suggest_unit(CITY, case=case, changes=[], at=NOON)
    assert advice.name == "综合行政执法大队"
    assert advice.reason == "“市容环卫”归综合执法口，这是离得最近的一家。"


def test_a_minor_matter_is_suggested_to_its_community(triaged, desk):
    post(desk("clerk"), triaged, "retriage", triage="minor", reason="属于社区公共空间。")
    page = desk("clerk").get(url(triaged, "dispatch"))
    assert page.context["advised"].name == "南社区"


@pytest.mark.parametrize("key", ["", "12", "12-x", "x-1", "-", "1" * 30 + "-", "12-1-1", "１２-"])
def test_a_key_that_is_none_of_ours_is_refused(key):
    with pytest.raises(InvalidInput):
        parse_key(key)


def test_the_drawer_shows_the_tree_the_reason_the_words_and_the_deadline(triaged, desk):
    page = desk("clerk").get(url(triaged, "dispatch")).content.decode()
    drawer = part(page, '<section class="drawer"')
    for words in (
        "建议派给",
        "综合行政执法大队",
        "不能选：大事不能交社区办",
        "请到南门口查看“2 单元楼道灯不亮”。反映人希望：请清掉。",
        "3月16日 24:00 前",
        "按规则是 10 个工作日。",
        "派出后 1 个工作日内签收",
        "改地点",
    ):
        assert words in drawer, words
    assert 'type="radio" name="unit" value="112-"' not in drawer


def test_a_search_swaps_the_tree_alone_as_it_stands_on_the_page(triaged, desk):
    clerk = desk("clerk")
    search = f"{url(triaged, 'dispatch')}?q=城管"
    headers = {"HX-Request": "true", "HX-Trigger": "tree-q"}
    swap = clerk.get(search, headers=headers).content.decode()
    fresh = clerk.get(search).content.decode()
    start = '<div class="tree"'
    assert part(swap, start) == part(fresh, start)
    assert "区城管局" in swap
    assert "北区城管局" not in swap
    assert 'class="drawer"' not in swap


def test_a_place_elsewhere_is_found_but_locked_with_the_way_out(triaged, desk):
    page = desk("clerk").get(f"{url(triaged, 'dispatch')}?q=北社区").content.decode()
    tree = part(page, '<div class="tree"')
    assert "北社区" in tree
    assert "不能选：它不管这个地方。地点不对时，先改地点。" in tree
    assert 'value="1111-"' not in tree


def test_what_was_typed_survives_a_search_without_scripts(triaged, desk):
    search = f"{url(triaged, 'dispatch')}?q=城管&opinion=今天就去。&unit=2-"
    page = desk("clerk").get(search).content.decode()
    assert "今天就去。</textarea>" in page
    assert 'name="unit" value="2-" checked' in page


def test_to_a_department_of_the_district(triaged, desk, places):
    department = make_department(places[2], name="区水务局")
    answer = post(desk("clerk"), triaged, "dispatch", unit=f"2-{department.pk}")
    case = read(triaged.pk)
    assert answer.status_code == 302
    assert (case.unit_area, case.unit_department_id) == ("1.2.", department.pk)
    assert case.dispatcher_area == "1.2.12.112."


@pytest.mark.parametrize(
    ("unit", "status", "words"),
    [
        ("", 422, "选一个单位。"),
        ("昆明", 422, "选一个单位。"),
        ("99999999-", 404, "没有这个区划"),
        ("12-99999999", 404, "没有这个部门"),
        ("1111-", 403, "它不管这个地方"),
        ("1-", 422, "市级要选到具体部门。"),
        ("112-", 409, "大事不能交社区办"),
    ],
)
def test_a_forged_unit_changes_nothing_and_says_why(triaged, desk, unit, status, words):
    before = everything(triaged)
    answer = post(desk("clerk"), triaged, "dispatch", unit=unit, opinion="照旧写着。")
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    if status != 404:
        assert "照旧写着。" in page
    assert everything(triaged) == before


def test_a_department_of_another_place_is_refused(triaged, desk, places):
    other = make_department(places[12], name="别处的办")
    before = everything(triaged)
    answer = post(desk("clerk"), triaged, "dispatch", unit=f"2-{other.pk}")
    assert answer.status_code == 422
    assert "这个部门已经停用或不在这一级，请重新选。" in answer.content.decode()
    assert everything(triaged) == before


def test_who_may_not_dispatch_is_not_shown_the_tree(triaged, desk):
    assert desk("grid").get(url(triaged, "dispatch")).status_code == 403
    assert desk("grid").post(url(triaged, "dispatch"), {"unit": "12-"}).status_code == 403
    assert Division.objects.count() == 8


def test_signs_may_be_left_out_but_not_swapped(triaged, places):
    make_department(places[2], name="区城市管理局", initials="qcsglj")
    targets = targets_of(triaged)
    assert "区城市管理局" in [t.name for t in flatten(narrow(targets, text="城管"))]
    assert "区城市管理局" not in [t.name for t in flatten(narrow(targets, text="管城"))]


def test_a_search_that_finds_nothing_says_so(triaged, desk):
    page = desk("clerk").get(f"{url(triaged, 'dispatch')}?q=昆明").content.decode()
    assert "没有叫“昆明”的单位。" in part(page, '<div class="tree"')
