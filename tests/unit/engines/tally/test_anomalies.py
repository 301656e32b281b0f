"""Each rule of the board: found on the day after the limit, not on the day of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.unit.engines.tally.elections import rules
from yukuai.engines.tally.anomalies import Anomaly, Facts, Severity, find

DAY = date(2026, 11, 21)
VILLAGE = rules()
QUIET = Facts(today=DAY, election_day=DAY, roll_published=DAY - timedelta(20), result_entered=DAY)


def before(days):
    return DAY - timedelta(days)


def codes(**changes):
    return [one.code for one in find(VILLAGE, replace(QUIET, **changes))]


def test_nothing_is_found_where_nothing_is_wrong_or_known():
    assert codes() == []


@pytest.mark.parametrize(
    ("within", "beyond", "code"),
    [
        ({"roll_published": before(20)}, {"roll_published": before(19)}, "ROLL_LATE"),
        ({"roll_published": before(20)}, {"roll_published": None}, "ROLL_LATE"),
        ({"open_objections": (before(3),)}, {"open_objections": (before(4),)}, "OBJECTION_OVERDUE"),
        ({"candidates": {"主任": (2, 1)}}, {"candidates": {"主任": (1, 1)}}, "TOO_FEW_CANDIDATES"),
        ({"open_reviews": (before(10),)}, {"open_reviews": (before(11),)}, "REVIEW_OVERDUE"),
        ({"most_proxies": 3}, {"most_proxies": 4}, "PROXIES_TOO_MANY"),
        ({}, {"proxies_of_candidates": 1}, "PROXY_CANDIDATE"),
        ({"issued": 9, "collected": 9}, {"issued": 9, "collected": 10}, "MORE_COLLECTED"),
        (
            {"printed": 10, "handed_out": 7, "unused": 2, "spoiled": 1},
            {"printed": 10, "handed_out": 7, "unused": 2},
            "PAPERS_MISSING",
        ),
        ({"collected": 55, "registered": 100}, {"collected": 54, "registered": 100}, "LOW_TURNOUT"),
        ({}, {"today": DAY + timedelta(1), "result_entered": None}, "RESULT_LATE"),
        ({}, {"result_entered": DAY + timedelta(1)}, "RESULT_LATE"),
        ({"elected": before(10)}, {"elected": before(11)}, "HANDOVER_LATE"),
        ({"women_elected": 1}, {"women_elected": 0}, "NO_WOMAN"),
        ({}, {"kin_pairs": 1}, "KIN_TOGETHER"),
        ({}, {"unproved": ("青石村选字第4号",)}, "POSTING_UNPROVED"),
        ({}, {"registered_elsewhere": 1}, "REGISTERED_TWICE"),
    ],
)
def test_a_rule_finds_what_is_beyond_its_limit_and_nothing_within(within, beyond, code):
    assert codes(**within) == []
    assert codes(**beyond) == [Anomaly(code)]


def test_a_finding_says_what_where_it_is_written_and_how_grave_it_is():
    facts = replace(QUIET, roll_published=before(12), unproved=("第2号", "第4号"))
    grave, warning = find(VILLAGE, facts)
    assert grave.sentence == "选民名单公布，距选举日 12 天，少于 20 天。"
    assert (grave.basis, grave.severity) == ("村民委员会组织法（2025）第十七条", Severity.GRAVE)
    assert warning.sentence == "公告 第2号、第4号 没有张贴照片。"


def test_what_the_law_of_its_time_does_not_say_is_no_anomaly():
    old = rules("elections-count", "elections-RC-2018", "elections-CQ-community-2018")
    facts = replace(QUIET, kin_pairs=1, women_elected=0, most_proxies=9, roll_published=before(1))
    assert find(old, facts) == ()


def test_every_anomaly_can_be_found():
    every = Facts(
        today=DAY + timedelta(30),
        election_day=DAY,
        open_objections=(DAY,),
        candidates={"主任": (1, 1)},
        open_reviews=(DAY,),
        most_proxies=4,
        proxies_of_candidates=1,
        registered=100,
        issued=1,
        collected=2,
        printed=9,
        unused=1,
        handed_out=1,
        elected=DAY,
        women_elected=0,
        kin_pairs=1,
        unproved=("第1号",),
        registered_elsewhere=2,
    )
    assert {one.code for one in find(VILLAGE, every)} == set(Anomaly)
