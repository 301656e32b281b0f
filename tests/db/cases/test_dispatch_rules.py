"""Rules from draft to retirement, in whose hands, and what they say of a matter."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import CLERK, DISTRICT, ELSEWHERE, TOWN, read
from tests.conftest import NOON
from tests.db.cases.lists import CITY, NORTH, SOUTH, drafted, on_the_list, put_live, told
from tests.db.cases.test_moves import walk
from tests.offices import make_department
from tests.people import officer
from yukuai.accounts.actions import close_department
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.models import DispatchRule, RuleTrial, RuleVersion
from yukuai.cases.queries import get_case
from yukuai.cases.rulebook import get_rule, list_rules, list_rules_in_force
from yukuai.cases.suggesting import find_correction, suggest_unit
from yukuai.divisions.actions import merge_divisions
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import StateChange
from yukuai.workflow.queries import list_changes

pytestmark = pytest.mark.django_db
ADMIN = officer(Role.SYS_ADMIN, "1.", user_id=81)


def rule_now(rule):
    with scope(EVERYWHERE):
        return DispatchRule.objects.get(pk=rule.pk)


def everything():
    with scope(EVERYWHERE):
        return (
            list(DispatchRule.objects.order_by("pk").values()),
            RuleVersion.objects.count(),
            RuleTrial.objects.count(),
        )


def suggested(case, actor=CLERK):
    with scope(actor.areas):
        found = get_case(actor, case_id=case.pk)
        return suggest_unit(actor, case=found, changes=list_changes(actor, obj=found), at=NOON)


def unit_of(rule_or_case):
    return (rule_or_case.unit_id, rule_or_case.unit_department_id)


@pytest.fixture
def litter(enforcement, lamps):
    lamps.department_kind = "城市管理"
    lamps.save()
    return lamps


@pytest.fixture
def triaged(raised, steps):
    def make(body="楼下烧烤，油烟很大。", **said):
        case = raised(body=body, **said)
        walk(case, steps, "triaged")
        return read(case.pk)

    return make


# Draft, trial, live, retired


def test_a_draft_does_not_go_live_untried(places, enforcement):
    rule = drafted(TOWN)
    before = everything()
    with pytest.raises(Conflict, match="先在过去的事上试一遍"):
        actions.put_rule_live(TOWN, rule_id=rule.pk, reason="急用。", at=NOON)
    assert everything() == before


def test_tried_it_goes_live_and_speaks(triaged, enforcement):
    rule = put_live(TOWN, words=("油烟",))
    assert rule_now(rule).state == "live"
    found = suggested(triaged())
    assert (found.rule, found.name, found.unit) == (
        "夜市油烟",
        "综合行政执法大队",
        (12, enforcement.pk),
    )
    assert found.reason == "因为：地点在南街；说到“油烟”。"


def test_an_edit_makes_a_draft_of_it_and_it_speaks_no_more(triaged, enforcement):
    rule = put_live(TOWN, words=("油烟",))
    actions.edit_rule(
        TOWN, rule_id=rule.pk, told=told(words=("烧烤",)), reason="说法变了。", at=NOON
    )
    assert rule_now(rule).state == "draft"
    assert suggested(triaged()) is None
    with pytest.raises(Conflict, match="先在过去的事上试一遍"):
        actions.put_rule_live(TOWN, rule_id=rule.pk, reason="再上。", at=NOON)


def test_an_edit_that_changes_nothing_leaves_it_live(places, enforcement):
    rule = put_live(TOWN)
    before = everything()
    with pytest.raises(Conflict, match="没有改动"):
        actions.edit_rule(TOWN, rule_id=rule.pk, told=told(), reason="看看。", at=NOON)
    assert everything() == before


def test_the_database_too_lets_nothing_live_that_was_not_tried(places, enforcement):
    rule = drafted(TOWN)
    with pytest.raises(IntegrityError), scope(EVERYWHERE):
        DispatchRule.objects.filter(pk=rule.pk).update(state="live")


def test_every_version_is_kept_with_who_and_why_and_cannot_be_rewritten(places, enforcement):
    rule = put_live(TOWN, words=("油烟",))
    actions.edit_rule(
        TOWN, rule_id=rule.pk, told=told(words=("烧烤",)), reason="说法变了。", at=NOON
    )
    with scope(EVERYWHERE):
        kept = list(RuleVersion.objects.order_by("number"))
        assert [(v.number, v.content["words"], v.reason, v.made_by_id) for v in kept] == [
            (1, ["油烟"], "常常派错。", 21),
            (2, ["烧烤"], "说法变了。", 21),
        ]
        acts = AuditEntry.objects.filter(act__startswith="rule.").order_by("pk")
        assert list(acts.values_list("act", flat=True)) == [
            "rule.draft",
            "rule.try",
            "rule.go-live",
            "rule.edit",
        ]
    with pytest.raises(DatabaseError), scope(EVERYWHERE):
        RuleVersion.objects.filter(number=1).update(reason="别的")


def test_a_retired_rule_speaks_no_more_and_is_not_edited(triaged, enforcement):
    rule = put_live(TOWN)
    actions.retire_rule(TOWN, rule_id=rule.pk, reason="夜市搬走了。", at=NOON)
    assert suggested(triaged()) is None
    before = everything()
    with pytest.raises(Conflict, match="停用的规则不能再改"):
        actions.edit_rule(TOWN, rule_id=rule.pk, told=told(order=7), reason="再用。", at=NOON)
    assert everything() == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"department_kind": ""}, "department_kind"),
        ({"target": "unit"}, "unit"),
        ({"target": "unit", "unit_id": 111}, "unit"),
        ({"target": "unit", "unit_id": 1}, "unit"),
        ({"target": "nobody"}, "unit"),
        ({"words": tuple(f"词{n}" for n in range(21))}, "terms"),
        ({"words": ("长" * 21,)}, "terms"),
        ({"triage": "huge"}, "triage"),
        ({"order": 10_000}, "order"),
        ({"opinion": "长" * 401}, "opinion"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(places, enforcement, wrong, field):
    before = everything()
    with pytest.raises(InvalidInput) as refusal:
        drafted(TOWN, **wrong)
    assert field in refusal.value.fields
    assert everything() == before


def test_a_rule_says_why_or_is_not_written(places, enforcement):
    with pytest.raises(InvalidInput, match="写明为什么"):
        actions.draft_rule(TOWN, told=told(), reason=" ", at=NOON)


# In whose hands


def test_each_keeps_rules_within_ones_own_place_alone(places, enforcement):
    for actor, division in ((TOWN, 2), (TOWN, 111), (SOUTH, 11), (SOUTH, 1)):
        with pytest.raises(NotPermitted):
            drafted(actor, division_id=division)
    with pytest.raises(NotPermitted):
        drafted(CLERK, division_id=112)
    assert everything()[0] == []


def test_anothers_rule_does_not_exist_and_one_from_above_is_read_only(places, enforcement):
    rule = put_live(SOUTH, division_id=2)
    draft = drafted(SOUTH, division_id=2, name="没上线")
    for act in (
        lambda who: actions.edit_rule(
            who, rule_id=rule.pk, told=told(order=1), reason="改。", at=NOON
        ),
        lambda who: actions.retire_rule(who, rule_id=rule.pk, reason="停。", at=NOON),
        lambda who: actions.try_rule(who, rule_id=rule.pk, months=6, at=NOON),
        lambda who: actions.put_rule_live(who, rule_id=rule.pk, reason="上。", at=NOON),
    ):
        before = everything()
        with pytest.raises(NotPermitted):
            act(TOWN)
        for stranger in (ELSEWHERE, NORTH):
            with pytest.raises(NotFound):
                act(stranger)
        assert everything() == before
    with scope(TOWN.areas):
        assert [one.pk for one in list_rules(TOWN)] == [rule.pk]
        with pytest.raises(NotFound):
            get_rule(TOWN, rule_id=draft.pk)


def test_the_database_shows_a_rule_only_where_it_applies(places, enforcement):
    put_live(SOUTH, division_id=2)
    put_live(TOWN)
    seen = {}
    for path in ("1.2.12.112.", "1.2.12.", "1.2.", "1.11.", "1.11.111.", "1."):
        with scope([path]):
            seen[path] = sorted(DispatchRule.objects.values_list("area", flat=True))
    assert seen == {
        "1.2.12.112.": ["1.2.", "1.2.12."],
        "1.2.12.": ["1.2.", "1.2.12."],
        "1.2.": ["1.2.", "1.2.12."],
        "1.11.": [],
        "1.11.111.": [],
        "1.": ["1.2.", "1.2.12."],
    }


def test_the_database_refuses_to_write_a_rule_from_above(places, enforcement):
    rule = put_live(SOUTH, division_id=2)
    with scope(TOWN.areas):
        assert DispatchRule.objects.filter(pk=rule.pk).update(name="我的") == 0
        assert DispatchRule.objects.filter(pk=rule.pk).delete()[0] == 0
    assert rule_now(rule).name == "夜市油烟"


def test_versions_and_trials_stay_in_their_place(places, enforcement):
    put_live(SOUTH, division_id=2)
    with scope(TOWN.areas):
        assert (RuleVersion.objects.count(), RuleTrial.objects.count()) == (0, 0)


def test_in_force_are_those_of_the_places_above_a_matter(places, enforcement):
    make_department(places[1], kind="综合执法")
    for by, division in ((CITY, 1), (SOUTH, 2), (TOWN, 112), (TOWN, 113), (NORTH, 11)):
        put_live(by, division_id=division, name=str(division))
    with scope(CLERK.areas):
        names = {rule.name for rule in list_rules_in_force(CLERK, area="1.2.12.112.")}
    assert names == {"1", "2", "112"}


# What it says of a matter


def test_the_narrower_rule_speaks_and_the_wider_says_why_it_does_not(triaged, enforcement, places):
    bureau = make_department(places[2], name="区城管局", kind="城市管理")
    where = {"target": "unit", "unit_id": 2, "department_id": bureau.pk}
    put_live(SOUTH, division_id=2, name="全区", words=("油烟",), **where)
    put_live(TOWN, name="本街", words=("油烟",))
    found = suggested(triaged())
    assert (found.rule, found.others) == ("本街", ("“全区”：“本街”管的地方更小，先用它。",))


def test_a_rule_speaks_before_the_category_does(triaged, enforcement, places, litter):
    make_department(places[2], name="区城管局", kind="城市管理")
    case = triaged(category_id=litter.pk)
    assert suggested(case).name == "区城管局"
    put_live(TOWN, category_id=litter.pk)
    assert (suggested(case).name, suggested(case).rule) == ("综合行政执法大队", "夜市油烟")


def test_a_parent_category_covers_its_children(triaged, enforcement, litter):
    parent = type(litter).objects.create(code="P", name="设施", plain_name="设施", source="t")
    litter.parent = parent
    litter.save()
    put_live(TOWN, category_id=parent.pk)
    assert suggested(triaged(category_id=litter.pk)).reason == "因为：地点在南街；类别是设施。"


def test_what_was_suggested_and_whether_it_was_followed_is_in_the_log(triaged, enforcement, squad):
    rule = put_live(TOWN, words=("油烟",))
    followed, not_followed = triaged(), triaged()
    actions.dispatch_case(
        CLERK, case_id=followed.pk, unit_id=12, department_id=enforcement.pk, at=NOON
    )
    actions.dispatch_case(CLERK, case_id=not_followed.pk, unit_id=12, at=NOON)
    with scope(EVERYWHERE):
        rows = StateChange.objects.filter(move="dispatch").order_by("pk")
        said = [(row.data["suggested"], row.data["followed"]) for row in rows]
    assert [one["rule_id"] for one, _ in said] == [rule.pk, rule.pk]
    assert [one["department_id"] for one, _ in said] == [enforcement.pk, enforcement.pk]
    assert [one["reason"] for one, _ in said] == ["因为：地点在南街；说到“油烟”。"] * 2
    assert [followed for _, followed in said] == [True, False]


# A unit that is gone


def broken_by_closing(rule, department):
    close_department(ADMIN, department_id=department.pk, reason="机构改革。", at=NOON)
    actions.check_rules(SYSTEM, at=NOON)
    return rule_now(rule).fault


def test_a_named_department_that_was_closed_is_said_and_nobody_takes_its_place(
    triaged, enforcement, places, litter
):
    make_department(places[2], name="区城管局", kind="城市管理")
    where = {"target": "unit", "unit_id": 12, "department_id": enforcement.pk}
    rule = put_live(TOWN, words=("油烟",), **where)
    put_live(SOUTH, division_id=2, name="全区的", department_kind="城市管理")
    case = triaged(category_id=litter.pk)
    assert broken_by_closing(rule, enforcement) == "“综合行政执法大队”已经撤销。"
    found = suggested(case)
    assert (found.rule, found.unit, found.fault) == (
        "夜市油烟",
        None,
        "“综合行政执法大队”已经撤销。",
    )
    actions.dispatch_case(CLERK, case_id=case.pk, unit_id=12, at=NOON)
    with scope(EVERYWHERE):
        data = StateChange.objects.get(move="dispatch").data
    assert data["suggested"]["fault"] == "“综合行政执法大队”已经撤销。"
    assert data["followed"] is False


def test_the_last_of_a_kind_above_the_place_is_a_fault_too(triaged, enforcement):
    rule = put_live(TOWN, words=("油烟",))
    case = triaged()
    assert broken_by_closing(rule, enforcement) == "南街和它的上级都没有“综合执法”类的部门。"
    assert suggested(case).fault == "从这里往上，没有“综合执法”类的部门。"


def test_a_kind_that_only_some_of_the_places_have_is_counted(places, enforcement):
    rule = drafted(CITY, division_id=1)
    actions.check_rules(SYSTEM, at=NOON)
    assert rule_now(rule).fault == "某市有 1 个村（社区）往上没有“综合执法”类的部门。"


def test_a_broken_rule_does_not_go_live(places, enforcement):
    rule = drafted(TOWN)
    actions.try_rule(TOWN, rule_id=rule.pk, months=6, at=NOON)
    close_department(ADMIN, department_id=enforcement.pk, reason="机构改革。", at=NOON)
    with pytest.raises(Conflict, match="先改规则，再上线"):
        actions.put_rule_live(TOWN, rule_id=rule.pk, reason="上。", at=NOON)
    assert rule_now(rule).state == "tried"


def test_a_division_that_was_merged_breaks_the_rule_instead_of_moving_it(places, enforcement):
    rule = put_live(CITY, division_id=112, target="unit", unit_id=112)
    merge_divisions(
        ADMIN,
        source_ids=[112],
        into_id=113,
        reason="撤并。",
        effective=NOON.date(),
        at=NOON,
    )
    actions.check_rules(SYSTEM, at=NOON)
    found = rule_now(rule)
    assert (found.unit_id, found.division_id) == (112, 113)
    assert found.fault == "“南社区”在 2026-03-02 撤销了。"


def test_a_broken_rule_is_told_of_once_until_it_is_mended(places, enforcement):
    rule = put_live(TOWN)
    enforcement.active = False
    enforcement.save()

    def told_of():
        jobs = ProcrastinateJob.objects.filter(task_name__endswith="tell_of_broken_rule")
        return jobs.filter(args={"rule_id": rule.pk}).count()

    for day in range(3):
        actions.check_rules(SYSTEM, at=NOON + timedelta(days=day))
    assert told_of() == 1
    enforcement.active = True
    enforcement.save()
    assert actions.check_rules(SYSTEM, at=NOON + timedelta(days=3)) == 0
    assert rule_now(rule).fault == ""
    enforcement.active = False
    enforcement.save()
    actions.check_rules(SYSTEM, at=NOON + timedelta(days=4))
    assert told_of() == 2


def test_closing_a_department_has_the_rules_looked_at(places, enforcement):
    close_department(ADMIN, department_id=enforcement.pk, reason="机构改革。", at=NOON)
    jobs = ProcrastinateJob.objects.filter(task_name__endswith="check_rules_of_department")
    assert [job.args for job in jobs] == [{"department_id": enforcement.pk}]


# Corrections and returns


def test_a_return_that_was_granted_passes_the_unit_over_with_its_reason(
    triaged, steps, enforcement, places
):
    bureau = make_department(places[2], name="区城管局", kind="综合执法")
    put_live(SOUTH, division_id=2)
    case = triaged()
    assert suggested(case).unit == (12, enforcement.pk)
    for name in ("dispatch", "request_return", "grant_return"):
        steps[name](case)
    found = suggested(case)
    passed = "综合行政执法大队退过这件事：属于供电单位。所以这次不再建议它。"
    assert (found.unit, found.passed) == (None, (passed,))
    assert bureau.pk


def test_without_a_rule_the_next_department_of_the_kind_is_suggested_after_a_return(
    triaged, steps, enforcement, places, litter
):
    bureau = make_department(places[2], name="区综合执法局", kind="综合执法")
    litter.department_kind = "综合执法"
    litter.save()
    case = triaged(category_id=litter.pk)
    for name in ("dispatch", "request_return", "grant_return"):
        steps[name](case)
    found = suggested(case)
    assert found.unit == (2, bureau.pk)
    assert "退过这件事：属于供电单位" in found.passed[0]


def test_a_correction_gives_the_unit_another_chance_and_says_what_changed(
    triaged, steps, enforcement, litter
):
    put_live(TOWN)
    case = triaged()
    for name in ("dispatch", "request_return", "grant_return"):
        steps[name](case)
    actions.retriage_case(
        CLERK,
        case_id=case.pk,
        triage="major",
        category_id=litter.pk,
        reason="是路灯。",
        at=NOON,
    )
    assert suggested(case).unit == (12, enforcement.pk)
    with scope(EVERYWHERE):
        said = find_correction(list_changes(SYSTEM, obj=case))
    assert said.title == "改判过"
    assert said.words == "类别从“没有选”改成“公共设施损坏”。理由：是路灯。"
    assert said.before == "综合行政执法大队"


def test_what_was_sent_but_not_signed_comes_back_and_is_suggested_anew(
    triaged, steps, enforcement, litter, places
):
    bureau = make_department(places[2], name="区城管局", kind="城市管理")
    put_live(TOWN, words=("油烟",))
    put_live(TOWN, name="路灯", category_id=litter.pk, department_kind="城市管理", order=1)
    case = triaged()
    steps["dispatch"](case)
    actions.retriage_case(
        CLERK,
        case_id=case.pk,
        triage="minor",
        category_id=litter.pk,
        reason="其实是路灯。",
        at=NOON,
    )
    assert unit_of(read(case.pk)) == (None, None)
    found = suggested(case)
    assert (found.rule, found.unit) == ("路灯", (2, bureau.pk))


def test_another_place_another_suggestion(raised, steps, enforcement, places):
    put_live(TOWN, division_id=113, target="unit", unit_id=113, name="坡社区自己办")
    case = raised(body="油烟。")
    steps["accept"](case)
    actions.relocate_case(DISTRICT, case_id=case.pk, division_id=113, reason="记错了。", at=NOON)
    actions.triage_case(TOWN, case_id=case.pk, triage="minor", at=NOON)
    assert suggested(case, TOWN).rule == "坡社区自己办"


def test_a_rule_that_names_the_community_does_not_get_round_the_duty_list(triaged, litter, places):
    put_live(TOWN, division_id=112, target="unit", unit_id=112)
    case = triaged(category_id=litter.pk)
    found = suggested(case)
    assert found.unit is None
    assert "不在社区职责清单里" in found.passed[0]
    on_the_list(litter)
    assert suggested(case).unit == (112, None)
