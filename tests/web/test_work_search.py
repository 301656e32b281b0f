"""Searching and filtering over HTTP: what is marked, counted, and never in an address."""

from datetime import timedelta

import pytest

from tests.casework import enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.web.desks import at_most, at_noon, desk, part
from yukuai.audit.models import AuditEntry
from yukuai.cases.models import Case
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
LIST, SEARCH, PERSON = "/work/cases/", "/work/search/", "/work/search/person/"
IDENTITY = 4
"""Statements of every page: session, user, posts, open glass."""


def numbers(response):
    return [row.case.number for row in response.context["rows"]]


def looks(**wanted):
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(**wanted).order_by("pk"))


def test_the_words_found_are_marked_in_the_title_or_in_a_line_of_the_text(desk, raised):
    raised(body="楼道灯不亮。晚上<b>看不清</b>，老人怕摔。")
    page = desk("clerk").get(SEARCH, {"q": "楼道灯"}).content.decode()
    assert "<mark>楼道灯</mark>不亮" in page
    page = desk("clerk").get(SEARCH, {"q": "看不清"}).content.decode()
    assert "晚上&lt;b&gt;<mark>看不清</mark>&lt;/b&gt;" in page
    assert "<b>看不清" not in page


def test_what_was_typed_is_shown_again_and_runs_nothing(desk, raised):
    raised(body="<script>alert(1)</script>坏了。")
    for address in (SEARCH, LIST):
        page = desk("clerk").get(address, {"q": "<script>alert"}).content.decode()
        assert "<script>alert" not in page
        assert "&lt;<mark>script</mark>&gt;<mark>alert</mark>" in page


def test_a_search_goes_on_by_key_without_gap_or_repeat(desk, raised):
    made = [raised(body=f"第 {n} 盏路灯。", at=NOON - timedelta(minutes=n // 3)) for n in range(23)]
    raised(body="井盖。")
    clerk = desk("clerk")
    first = clerk.get(SEARCH, {"q": "路灯"})
    second = clerk.get(first.context["page"].older_url)
    assert len(numbers(first)) == 20
    assert sorted([*numbers(first), *numbers(second)]) == sorted(case.number for case in made)
    assert first.context["page"].total == second.context["page"].total == "23"
    assert second.context["divisions"] == []


def test_a_search_and_a_filtered_list_ask_little_of_the_database(desk, raised, lamps):
    clerk = desk("clerk")
    for n in range(25):
        raised(body=f"第 {n} 盏路灯。", category_id=lamps.pk)
    everything = (
        "q=路灯&part=title&state=open&triage=&category=&source=app&since=2026-01-01"
        "&until=2026-12-31&due=2026-12-31&visited=no&mine=&overdue=&photos="
    )
    clerk.get(LIST)
    with at_most(IDENTITY + 10):
        clerk.get(f"{SEARCH}?q=路灯")
    with at_most(IDENTITY + 9):
        clerk.get(f"{LIST}?{everything}")


def test_the_further_filters_narrow_by_the_address(desk, raised, steps, enforcement):
    old = raised(at=NOON - timedelta(days=40))
    new = raised()
    for move in ("accept", "triage", "dispatch"):
        with scope(EVERYWHERE):
            steps_case = Case.objects.get(pk=old.pk)
        steps[move](steps_case)
    with scope(EVERYWHERE):
        Case.objects.filter(pk=old.pk).update(promised_at=NOON - timedelta(hours=1))
    town = desk("town")
    for query, wanted in {
        "since=2026-03-02": [new],
        "until=2026-03-01": [old],
        "unit=执法": [old],
        "unit=没有这个单位": [new, old],
        "source=app": [new, old],
        "source=phone": [],
        "overdue=on": [old],
        "due=2026-03-02": [old],
        "reopened=on": [],
        "photos=on": [],
        "visited=yes": [],
        "visited=no": [new, old],
        "mine=on": [],
    }.items():
        assert numbers(town.get(f"{LIST}?{query}")) == [c.number for c in wanted], query
    assert numbers(desk("squad").get(f"{LIST}?mine=on")) == [old.number]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("category=987654", "“类别”里的内容现在认不出来"),
        ("state=gone&source=pigeon", "“到哪一步、怎么来的”里的内容现在认不出来"),
        ("since=昨天", "“收到，从”里的内容现在认不出来"),
        ("within=987654", "筛选里的地方已经不在了"),
        ("unit=没有这个单位", "没有找到承办单位“没有这个单位”"),
        ("place=没有这里", "没有找到地方“没有这里”"),
    ],
)
def test_what_cannot_be_understood_narrows_nothing_and_is_said(desk, raised, query, said):
    case = raised()
    page = desk("clerk").get(f"{LIST}?{query}")
    assert numbers(page) == [case.number]
    assert f"{said}，下面没有按它筛。" in page.content.decode()


# Persons

GIVEN = {"phone": "199 0000 0417", "name": "", "purpose": "ask"}


def test_whoever_gives_a_whole_number_is_found_and_it_stands_in_no_address(desk, raised):
    case = raised(name="冉隆全", phone="19900000417")
    clerk = desk("clerk")
    page = clerk.post(PERSON, GIVEN)
    assert numbers(page) == [case.number]
    assert "no-store" in page["Cache-Control"]
    [entry] = looks(act="case.found")
    assert (entry.target, entry.purpose) == (case.number, "本人来问，查他的事")
    assert numbers(clerk.get(PERSON, GIVEN)) == []
    assert len(looks(act="case.found")) == 1


def test_without_a_purpose_or_with_half_a_number_nothing_is_looked_for(desk, raised):
    raised(phone="19900000417")
    clerk = desk("clerk")
    for change, said in (
        ({"purpose": ""}, "选一个用途"),
        ({"phone": "1990000"}, "还差 4 位"),
        ({"phone": ""}, "填完整的手机号，或者完整的姓名"),
    ):
        page = clerk.post(PERSON, {**GIVEN, **change})
        assert page.status_code == 422, change
        assert said in page.content.decode()
    assert looks(act="case.find") == looks(act="case.found") == []


def test_somebody_elses_resident_and_nobody_look_alike(desk, raised):
    raised(phone="19900000417", division_id=1111)
    clerk = desk("clerk")
    pages = [
        part(clerk.post(PERSON, {**GIVEN, "phone": phone}).content.decode(), '<div class="empty')
        for phone in ("19900000417", "19900000999")
    ]
    assert pages[0] == pages[1]


def test_looking_for_persons_has_an_end(desk, raised):
    clerk = desk("clerk")
    for _ in range(30):
        assert clerk.post(PERSON, GIVEN).status_code == 200
    refused = clerk.post(PERSON, GIVEN)
    assert refused.status_code == 429
    assert len(looks(act="case.find")) == 30


def test_a_grid_worker_reads_why_he_cannot_look_for_persons(desk, raised):
    raised(phone="19900000417")
    grid = desk("grid")
    assert "不能按电话、姓名找人" in grid.get(PERSON).content.decode()
    assert grid.post(PERSON, GIVEN).status_code == 403
    assert "按完整的电话或姓名找" not in grid.get(SEARCH).content.decode()
    assert looks(act="case.found") == []
