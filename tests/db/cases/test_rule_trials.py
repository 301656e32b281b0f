"""A draft against what was decided: figures, and matters that were handled elsewhere."""

from datetime import timedelta

import pytest

from tests.casework import TOWN, read
from tests.conftest import NOON
from tests.db.cases.lists import CITY, SOUTH, drafted, put_live, told
from tests.db.cases.test_moves import walk
from tests.offices import make_department
from yukuai.cases import actions
from yukuai.cases.models import RuleTrial
from yukuai.cases.rulebook import get_trial, list_differing
from yukuai.cases.trials import run_trial
from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(raised, steps):
    def make(state="closed", **said):
        case = raised(**{"body": "楼下烧烤，油烟很大。", **said})
        walk(case, steps, state)
        return read(case.pk)

    return make


def tried(by, rule, months=6):
    return actions.try_rule(by, rule_id=rule.pk, months=months, at=NOON)


def test_it_counts_what_it_would_have_caught_and_where_that_lay_in_the_end(decided, enforcement):
    for _ in range(2):
        decided()
    decided(body="楼道灯不亮。")
    decided("handling")
    ran = tried(TOWN, drafted(TOWN, words=("油烟",)))
    assert (ran.looked_at, ran.caught, ran.agreed, ran.differed) == (3, 2, 2, 0)


def test_what_was_given_back_counts_by_who_answered(decided, raised, steps, enforcement, squad):
    case = raised(body="油烟。")
    for name in ("accept", "triage", "dispatch", "request_return", "grant_return"):
        steps[name](case)
    actions.dispatch_case(TOWN, case_id=case.pk, unit_id=12, at=NOON)
    actions.sign_case(TOWN, case_id=case.pk, at=NOON)
    actions.reply_case(TOWN, case_id=case.pk, answer="办好了。", outcome="solved", at=NOON)
    ran = tried(TOWN, drafted(TOWN, words=("油烟",)))
    assert (ran.caught, ran.agreed, ran.differing) == (1, 0, [case.pk])
    with scope(TOWN.areas):
        rows, more = list_differing(TOWN, trial=ran, start=0, size=25)
    assert ([row.number for row in rows], more) == ([case.number], False)


def test_a_trial_touches_no_matter_and_keeps_the_hash_of_what_was_tried(decided, enforcement):
    case = decided()
    rule = drafted(TOWN)
    ran = tried(TOWN, rule)
    assert read(case.pk) == case
    assert read(case.pk).changed_at == case.changed_at
    assert ran.digest == rule.content_digest()
    changed = actions.edit_rule(TOWN, rule_id=rule.pk, told=told(order=5), reason="改。", at=NOON)
    assert changed.digest != ran.digest


@pytest.mark.parametrize(
    "said",
    [
        {"division_id": 112},
        {"department_kind": "别的"},
        {"words": ("油烟",)},
        {"words": ("油烟",), "every": True},
        {"triage": "major"},
        {"urgent": False},
        {"opinion": "请查。"},
        {"order": 1},
        {"target": "unit", "unit_id": 12, "department_kind": ""},
    ],
)
def test_every_part_of_what_a_rule_does_is_in_its_hash(places, enforcement, said):
    assert drafted(TOWN, **said).digest != drafted(TOWN).digest


def test_its_name_is_not(places, enforcement):
    assert drafted(TOWN, name="甲").digest == drafted(TOWN, name="乙").digest


def test_it_says_which_live_rule_it_would_speak_instead_of_and_to_which_it_yields(
    decided, enforcement, places
):
    make_department(places[2], kind="综合执法")
    decided()
    wide = put_live(SOUTH, division_id=2, name="全区油烟", words=("油烟",))
    rule = drafted(TOWN, words=("油烟",))
    ran = tried(TOWN, rule)
    assert (ran.caught, ran.lost, ran.taken) == (1, 0, [[wide.pk, "全区油烟", 1]])
    put_live(TOWN, division_id=112, name="社区的", words=("油烟",))
    ran = tried(TOWN, rule)
    assert (ran.caught, ran.lost, ran.taken) == (0, 1, [])


def test_what_has_nobody_to_go_to_is_counted_apart(decided, enforcement):
    decided()
    ran = tried(TOWN, drafted(TOWN, department_kind="没有这类"))
    assert (ran.caught, ran.nowhere, ran.differed) == (1, 1, 0)


def test_older_matters_and_private_ones_are_left_out(decided, raised, steps, enforcement):
    case = raised(body="油烟。", at=NOON - timedelta(days=100))
    walk(case, steps, "closed")
    private = raised(body="油烟。")
    steps["accept"](private)
    actions.triage_case(TOWN, case_id=private.pk, triage="private", at=NOON)
    actions.guide_case(TOWN, case_id=private.pk, answer="先商量。", at=NOON)
    rule = drafted(TOWN)
    assert [tried(TOWN, rule, months).looked_at for months in (3, 6)] == [0, 1]
    with pytest.raises(InvalidInput):
        tried(TOWN, rule, 999)


def test_only_ones_own_place_is_looked_at(decided, enforcement, places):
    decided()
    north = make_department(places[11], kind="综合执法")
    rule = drafted(CITY, division_id=11)
    assert (tried(CITY, rule).looked_at, north.division_id) == (0, 11)


def test_the_page_of_differing_matters_goes_on_where_it_ended(places, enforcement, decided):
    rule = drafted(TOWN)
    cases = [decided() for _ in range(3)]
    ids = [case.pk for case in cases]
    with scope(EVERYWHERE):
        ran = RuleTrial.objects.create(
            rule=rule,
            division=rule.division,
            digest="x",
            since=NOON,
            looked_at=3,
            caught=3,
            agreed=0,
            lost=0,
            nowhere=0,
            differing=ids,
            tried_by="某人",
            tried_at=NOON,
        )
    with scope(TOWN.areas):
        found = get_trial(TOWN, rule=rule, trial_id=ran.pk)
        first, more = list_differing(TOWN, trial=found, start=0, size=2)
        last, end = list_differing(TOWN, trial=found, start=2, size=2)
    assert ([c.pk for c in first], more, [c.pk for c in last], end) == (
        ids[:2],
        True,
        ids[2:],
        False,
    )


def test_only_the_newest_are_looked_at_when_there_are_too_many(decided, enforcement):
    old = decided(at=NOON - timedelta(days=9))
    new = decided()
    rule = drafted(TOWN, target="unit", unit_id=12, department_kind="")
    with scope(TOWN.areas):
        figures, _names = run_trial(TOWN, rule=rule, since=old.received_at, at=NOON, cap=1)
    assert (figures.looked_at, figures.capped, figures.differing) == (1, True, [new.pk])
