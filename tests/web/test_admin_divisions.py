"""区划: the tree as it is and as it was, and the four changes of it."""

from datetime import date
from uuid import uuid4

import pytest

from tests.casework import pack, raised
from tests.offices import make_department
from tests.web.admin_offices import acts, at_noon, window, words
from tests.web.desks import at_most
from yukuai.accounts.policy import SYSTEM
from yukuai.cases.models import Case
from yukuai.divisions.actions import load_divisions
from yukuai.divisions.models import Division, DivisionChange
from yukuai.divisions.tables import Row
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "pack", "raised", "window"]
pytestmark = pytest.mark.django_db
TREE = "/work/divisions/"
LINES = """50 重庆市 city
500103 渝中区 district
500106 沙坪坝区 district
500103001 七星岗街道 township
500103002 解放碑街道 township
500106001 小龙坎街道 township
500103001001 甲社区 community
500103001002 乙社区 community
500106001001 丁社区 community"""
ROOT, SOUTH, NORTH, STREET, SQUARE, CREEK = (
    "50",
    "500103",
    "500106",
    "500103001",
    "500103002",
    "500106001",
)


@pytest.fixture
def places(db):
    """The keys of tests/places.py, over a tree with codes and dates."""
    parents = {2: "", 6: "50", 9: "", 12: ""}
    rows = []
    for number, text in enumerate(LINES.split("\n"), start=1):
        code, name, level = text.split()
        parent = code[:-3] if len(code) > 6 else parents[len(code)]
        rows.append(Row(number, code, name, level, parent))
    load_divisions(SYSTEM, rows=rows, on=date(2023, 6, 30), source="test", at=clock.now())
    made = {d.code: d for d in Division.objects.all()}
    return {1: made[ROOT], 2: made[SOUTH], 12: made[STREET], 112: made["500103001001"], **made}


@pytest.fixture
def system(window):
    return window("system")


def page(division, verb=""):
    return f"{TREE}{division.pk}/{verb}"


def typed(**said):
    return {
        "effective": "2026-03-02",
        "reason": "区里批了",
        "basis": "渝府〔2026〕3号",
        "key": str(uuid4()),
        **said,
    }


def path_of(division):
    return Division.objects.get(pk=division.pk).path


def test_the_first_page_is_ones_own_place_with_what_lies_below(system, window, places):
    shown = words(system.get(TREE))
    assert "渝中区" in shown
    assert "沙坪坝区" in shown
    south = window("system-south").get(TREE)
    assert south.context["division"] == places[SOUTH]
    assert [c.name for c in south.context["children"]] == ["七星岗街道", "解放碑街道"]


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("500103001", ["七星岗街道", "甲社区", "乙社区"]),
        ("七星岗", ["七星岗街道"]),
        ("qxg", ["七星岗街道"]),
        ("渝中 甲", ["甲社区"]),
        ("没有的", []),
    ],
)
def test_a_place_is_found_by_code_name_and_initials(system, q, names):
    assert [hit.name for hit in system.get(f"{TREE}?q={q}").context["hits"]] == names


def test_renaming_is_dated_and_the_day_before_still_says_the_old_name(system, places):
    address = page(places[STREET], "rename/")
    assert "那天以前的仍叫旧名称" in words(system.get(address))
    response = system.post(address, typed(name="七星岗新街道", effective="2026-03-01"))
    assert response.headers["Location"] == page(places[STREET])
    assert Division.objects.get(pk=places[STREET].pk).name == "七星岗新街道"
    [entry] = acts("division.rename")
    assert entry.details["basis"] == "渝府〔2026〕3号"
    now = words(system.get(page(places[STREET])))
    assert "七星岗街道更名为七星岗新街道" in now
    then = system.get(page(places[STREET]) + "?on=2026-02-28")
    assert then.context["then"].name == "七星岗街道"
    assert then.context["acts"] == []
    above = system.get(page(places[SOUTH]) + "?on=2026-02-28").context["children"]
    assert [c.name for c in above] == ["七星岗街道", "解放碑街道"]


def test_a_day_before_there_was_any_record_says_so(system, places):
    shown = system.get(page(places[STREET]) + "?on=2001-01-01")
    assert "那一天没有它" in words(shown)
    assert shown.context["children"] == []
    assert "请填日期" in words(system.get(page(places[STREET]) + "?on=那天"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "七星岗街道"}, "与现在的一样"),
        ({"name": "解放碑街道"}, "已经有“解放碑街道”"),
        ({"name": ""}, "请填新名称"),
        ({"name": "长" * 41}, "最多 40 个字"),
        ({"reason": " "}, "请写明理由"),
        ({"effective": "2026-03-03"}, "不能晚于今天"),
        ({"effective": ""}, "请填日期"),
        ({"basis": "长" * 201}, "最多 200 个字"),
        ({"key": "x"}, "没有提交"),
    ],
)
def test_a_refused_change_changes_nothing_and_keeps_what_was_typed(system, places, said, sentence):
    response = system.post(page(places[STREET], "rename/"), typed(name="新街道") | said)
    assert response.status_code == 422
    assert sentence in words(response)
    assert "渝府〔2026〕3号" in words(response) or "basis" in said
    assert Division.objects.get(pk=places[STREET].pk).name == "七星岗街道"
    assert DivisionChange.objects.count() == 0


def test_moving_counts_before_what_follows_and_takes_it_along(system, places, raised):
    case = raised(division_id=places[112].pk)
    make_department(places[STREET])
    asked = words(system.get(page(places[STREET], "move/") + "?place=沙坪坝"))
    assert "它下面的 2 个区划一起跟着划过去" in asked
    assert "条业务记录一起跟着划过去" in asked
    assert "划入沙坪坝区" in asked
    address = page(places[STREET], f"move/?division={places[NORTH].pk}")
    assert system.post(address, typed()).status_code == 302
    assert path_of(places[STREET]).startswith(places[NORTH].path)
    with scope(EVERYWHERE):
        assert Case.objects.get(pk=case.pk).area.startswith(places[NORTH].path)


def test_without_a_target_nothing_moves(system, places):
    address = page(places[STREET], "move/")
    assert system.post(address, typed()).status_code == 200
    assert system.post(f"{address}?division=987654321", typed()).status_code == 200
    assert DivisionChange.objects.count() == 0


def test_a_place_of_the_wrong_level_cannot_take_it(system, places):
    address = page(places[STREET], f"move/?division={places[CREEK].pk}")
    response = system.post(address, typed())
    assert response.status_code == 422
    assert "上级应当是" in words(response)
    assert path_of(places[STREET]) == places[STREET].path


def test_merging_says_that_it_ends_and_points_to_who_took_over(system, places):
    address = page(places[SQUARE], f"merge/?division={places[STREET].pk}")
    asked = words(system.get(address))
    assert "解放碑街道从生效那天起撤销，不能恢复" in asked
    assert "并入七星岗街道，撤销解放碑街道" in asked
    assert system.post(address, typed()).status_code == 302
    gone = words(system.get(page(places[SQUARE])))
    assert "已撤销" in gone
    assert "七星岗街道" in gone
    hits = system.get(f"{TREE}?q={SQUARE}").context["hits"]
    assert [h.name for h in hits] == ["解放碑街道"]
    again = system.post(page(places[SQUARE], "rename/"), typed(name="新名"))
    assert again.status_code == 422
    assert "已在 2026-03-02 撤销" in words(again)


def test_founding_gives_the_next_code_below_a_community(system, places):
    form = system.get(page(places[112], "found/")).context["form"]
    assert {value for value, _ in form.fields["kind"].choices} == {"group", "grid", "compound"}
    said = typed(kind="grid", name="第一网格", code="")
    assert system.post(page(places[112], "found/"), said).status_code == 302
    made = Division.objects.get(name="第一网格")
    assert made.code == "500103001001001"
    assert made.parent_id == places[112].pk


def test_a_form_sent_twice_founds_once(system, places):
    said = typed(kind="grid", name="第一网格", code="")
    for _ in range(2):
        assert system.post(page(places[112], "found/"), said).status_code == 302
    assert Division.objects.filter(name="第一网格").count() == 1


def test_founding_with_a_code_of_somewhere_else_is_refused(system, places):
    said = typed(kind="township", name="新街道", code="500106009")
    response = system.post(page(places[SOUTH], "found/"), said)
    assert response.status_code == 422
    assert "不在“渝中区”的编码之下" in words(response)
    assert not Division.objects.filter(name="新街道").exists()


def test_a_district_changes_what_lies_below_it_and_not_itself(window, places):
    south = window("system-south")
    acts_of = {a["name"]: a["allowed"] for a in south.get(page(places[SOUTH])).context["acts"]}
    assert acts_of == {"found": True, "rename": False, "move": False, "merge": False}
    below = {a["name"]: a["allowed"] for a in south.get(page(places[STREET])).context["acts"]}
    assert below == {"found": True, "rename": True, "move": True, "merge": True}
    for division, verb in ((places[SOUTH], "rename/"), (places[CREEK], "rename/")):
        response = south.post(page(division, verb), typed(name="改了"))
        assert response.status_code == 403
    assert DivisionChange.objects.count() == 0


def test_a_district_does_not_push_a_street_over_its_border(window, places):
    address = page(places[STREET], f"move/?division={places[NORTH].pk}")
    assert window("system-south").post(address, typed()).status_code == 200
    assert path_of(places[STREET]) == places[STREET].path
    assert DivisionChange.objects.count() == 0


@pytest.mark.parametrize("number", [987654321, 10**30])
def test_a_place_that_does_not_exist_is_not_found(system, number):
    for verb in ("", "found/", "rename/", "move/", "merge/"):
        assert system.get(f"{TREE}{number}/{verb}").status_code == 404


def test_the_pages_cost_little(system, places, raised):
    raised(division_id=places[112].pk)
    for address in (
        TREE,
        f"{TREE}?q=街道",
        page(places[STREET]),
        page(places[STREET]) + "?on=2024-01-01",
        page(places[STREET], "found/"),
        page(places[STREET], "rename/"),
        page(places[STREET], f"move/?division={places[NORTH].pk}"),
        page(places[STREET], f"merge/?division={places[SQUARE].pk}"),
    ):
        system.get(address)
        with at_most(15):
            system.get(address)
