"""派单异议: once a round, ruled by the level above the reviewer within a clock, and then final."""

from datetime import timedelta

import pytest

from tests.casework import CLERK, DISTRICT, LIMITS, TERMS, TOWN, read
from tests.conftest import NOON
from tests.db.cases.test_handling import running
from tests.db.cases.test_moves import snapshot, walk
from tests.people import officer
from yukuai.accounts.models import Department
from yukuai.accounts.policy import Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.today import list_at_my_door, list_checks, list_tasks
from yukuai.kernel.errors import Conflict, DomainError, InvalidInput, NotPermitted, Unavailable
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import RulePack, StateChange

pytestmark = pytest.mark.django_db
CITY = officer(Role.CITY_OP, "1.", user_id=91)
SECOND = officer(Role.DISTRICT_OP, "1.2.", user_id=52)
OTHER_DISTRICT = officer(Role.DISTRICT_OP, "1.11.", user_id=53)


def last(case, move):
    with scope(EVERYWHERE):
        return StateChange.objects.filter(object_id=case.pk, move=move).latest("pk")


@pytest.fixture
def objected(raised, steps):
    def make():
        case = raised()
        walk(case, steps, "objected")
        return case

    return make


def test_before_the_return_was_decided_nobody_objects(raised, steps):
    for state in ("dispatched", "handling"):
        case = raised()
        walk(case, steps, state)
        before = snapshot(case)
        with pytest.raises(Conflict, match="先申请退单"):
            steps["object"](case)
        assert snapshot(case) == before


def test_after_a_refusal_it_goes_to_the_level_above_the_reviewer_with_a_clock(objected):
    case = objected()
    clock = running(case)["arbitrate"]
    assert (clock.owner_area, clock.owner_department_id) == ("1.2.", None)
    # two working days after Monday 2 March 2026 end on Wednesday at 24:00
    assert clock.due_at.isoformat() == "2026-03-04T16:00:00+00:00"
    assert last(case, "object").data["arbiter"] == "南区"
    with scope(EVERYWHERE):
        assert AuditEntry.objects.filter(act="case.object", target=case.number).count() == 1


def test_meanwhile_the_present_unit_keeps_the_duty_and_its_clock_runs_on(objected, squad):
    case = objected()
    row = read(case.pk)
    assert (row.unit_area, row.unit_department_id) == ("1.2.12.", squad.grants[0].department_id)
    assert running(case).keys() == {"arbitrate", "resolve"}
    assert running(case)["resolve"].owner_department_id == row.unit_department_id
    assert running(case)["resolve"].due_at == row.promised_at
    actions.add_note(squad, case_id=case.pk, words="先拉了警戒线。", at=NOON)


def test_what_comes_back_after_a_granted_return_may_be_objected_to(raised, steps):
    case = raised()
    walk(case, steps, "return-requested")
    for name in ("grant_return", "dispatch", "object"):
        steps[name](case)
    assert read(case.pk).state == "objected"
    assert running(case).keys() == {"arbitrate", "resolve"}


def test_it_is_due_at_the_door_of_the_district_and_at_no_other(objected):
    case = objected()
    for actor, mine in ((DISTRICT, True), (TOWN, False), (CITY, False)):
        with scope(actor.areas, actor.holders):
            clocks = list_at_my_door(actor, at=NOON)
            tasks = list_tasks(actor, clocks=clocks, at_my_door=frozenset({case.pk}))
            checks = list_checks(actor, clocks=clocks)
        found = [(task.word, task.move, task.mine) for task in tasks]
        assert found == ([("裁决", "uphold", True)] if mine else [])
        assert len(checks) == int(mine)


def test_the_ruling_names_the_present_unit_and_it_goes_on(objected, steps):
    case = objected()
    steps["uphold"](case)
    assert read(case.pk).state == "handling"
    assert running(case).keys() == {"resolve"}
    assert last(case, "uphold").reason == "三定方案第四条。"


def test_the_ruling_names_another_unit_and_the_clock_goes_there(objected, places):
    case = objected()
    lights = Department.objects.create(division=places[2], name="区照明中心", kind="照明")
    before = read(case.pk)
    actions.rule_on_objection(
        DISTRICT, case_id=case.pk, unit_id=2, department_id=lights.pk, grounds="归区管。", at=NOON
    )
    after = read(case.pk)
    assert (after.state, after.unit_department_id) == ("dispatched", lights.pk)
    assert after.dispatcher_id == before.dispatcher_id
    assert after.promised_at == before.promised_at
    clocks = running(case)
    assert clocks.keys() == {"sign", "resolve"}
    assert {clock.owner_department_id for clock in clocks.values()} == {lights.pk}
    assert last(case, "redirect").said == "上级定了，交给区照明中心来办。"
    new = officer(Role.DEPT_OP, "1.2.", user_id=62, department_id=lights.pk)
    actions.sign_case(new, case_id=case.pk, at=NOON)


def test_to_name_the_present_unit_is_to_uphold(objected, squad):
    case = objected()
    present = squad.grants[0].department_id
    actions.rule_on_objection(
        DISTRICT, case_id=case.pk, unit_id=12, department_id=present, grounds="就是它。", at=NOON
    )
    assert read(case.pk).state == "handling"
    assert last(case, "uphold").reason == "就是它。"


def test_a_ruling_is_final_for_the_round(objected, steps, squad):
    case = objected()
    steps["uphold"](case)
    before = snapshot(case)
    with pytest.raises(Conflict, match="已经裁决"):
        steps["request_return"](case)
    with pytest.raises(Conflict, match="这一轮已经提过一次异议"):
        steps["object"](case)
    assert snapshot(case) == before


def test_nor_does_the_new_unit_send_it_back_or_the_desk_change_its_class(objected, steps):
    case = objected()
    steps["redirect"](case)
    south = officer(Role.DISTRICT_OP, "1.2.", user_id=55)
    with pytest.raises(Conflict, match="已经裁决"):
        actions.request_return(south, case_id=case.pk, reason="不归我们。", at=NOON)
    with pytest.raises(Conflict, match="不改判"):
        steps["retriage"](case)
    assert read(case.pk).state == "dispatched"


def test_in_a_new_round_a_unit_may_ask_and_object_again(objected, steps):
    case = objected()
    steps["uphold"](case)
    for name in ("reply", "review", "visit", "close", "reopen", "dispatch"):
        steps[name](case)
    for name in ("request_return", "refuse_return", "object"):
        steps[name](case)
    assert read(case.pk).state == "objected"


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (TOWN, NotPermitted),
        (CLERK, NotPermitted),
        (OTHER_DISTRICT, DomainError),
    ],
)
def test_no_lower_level_and_no_other_district_rules(objected, actor, error):
    case = objected()
    before = snapshot(case)
    with pytest.raises(error):
        actions.rule_on_objection(actor, case_id=case.pk, grounds="我说了算。", at=NOON)
    assert snapshot(case) == before


def test_the_city_may_rule_in_the_districts_stead(objected):
    case = objected()
    actions.rule_on_objection(CITY, case_id=case.pk, grounds="市里定。", at=NOON)
    assert read(case.pk).state == "handling"


def test_nobody_rules_on_his_own_dispatch(raised, steps, squad):
    case = raised()
    walk(case, steps, "triaged")
    where = {"unit_id": 12, "department_id": squad.grants[0].department_id}
    actions.dispatch_case(DISTRICT, case_id=case.pk, **where, at=NOON)
    steps["request_return"](case)
    actions.decide_return(SECOND, case_id=case.pk, granted=False, reason="就是您管。", at=NOON)
    steps["object"](case)
    # the district dispatched, so the city is the level above
    assert running(case)["arbitrate"].owner_area == "1."
    for actor, said in ((DISTRICT, "由另一个人来裁决"), (SECOND, "由另一个人来裁决")):
        with pytest.raises(Conflict, match=said):
            actions.rule_on_objection(actor, case_id=case.pk, grounds="。", at=NOON)
    third = officer(Role.DISTRICT_OP, "1.2.", user_id=54)
    with pytest.raises(Conflict, match="由某市来裁决"):
        actions.rule_on_objection(third, case_id=case.pk, grounds="。", at=NOON)
    actions.rule_on_objection(CITY, case_id=case.pk, grounds="市里定。", at=NOON)
    assert read(case.pk).state == "handling"


def test_a_ruling_needs_grounds_and_a_unit_that_may_have_it(objected, steps):
    case = objected()
    before = snapshot(case)
    with pytest.raises(InvalidInput, match="写明裁决的依据"):
        actions.rule_on_objection(DISTRICT, case_id=case.pk, grounds=" ", at=NOON)
    with pytest.raises(NotPermitted, match="不管这个地方"):
        actions.rule_on_objection(DISTRICT, case_id=case.pk, unit_id=11, grounds="。", at=NOON)
    with pytest.raises(Conflict, match="大事不能交社区办"):
        actions.rule_on_objection(DISTRICT, case_id=case.pk, unit_id=112, grounds="。", at=NOON)
    assert snapshot(case) == before


def test_nobody_decides_about_his_own_request(raised, steps):
    """A township that has the matter itself: one asks, another decides."""
    case = raised()
    walk(case, steps, "triaged")
    actions.dispatch_case(CLERK, case_id=case.pk, unit_id=12, at=NOON)
    actions.request_return(TOWN, case_id=case.pk, reason="归区里。", at=NOON)
    for granted in (True, False):
        with pytest.raises(Conflict, match="这是您自己申请的"):
            actions.decide_return(TOWN, case_id=case.pk, granted=granted, reason="。", at=NOON)
    assert read(case.pk).state == "return-requested"
    beside = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=22)
    actions.decide_return(beside, case_id=case.pk, granted=True, reason="", at=NOON)
    assert read(case.pk).state == "triaged"


def older(case):
    """The pack the matter pinned is one from before there was such a clock."""
    terms = {name: raw for name, raw in TERMS.items() if name != "arbitrate"}
    with scope(EVERYWHERE):
        pack = RulePack.objects.get(pk=read_pack(case))
        pack.params = {"terms": terms, "limits": LIMITS}
        pack.save()
        return pack


def read_pack(case):
    from yukuai.cases.models import Case

    return Case.objects.values_list("rule_pack_id", flat=True).get(pk=case.pk)


def newer(pack, **fields):
    words = {
        "subject": "case",
        "code": pack.code,
        "version": 2,
        "effective_from": pack.effective_from,
        "params": {"terms": TERMS, "limits": LIMITS},
        "source": "test",
    } | fields
    return RulePack.objects.create(**words)


def asked_and_refused(case, steps):
    walk(case, steps, "return-requested")
    steps["refuse_return"](case)


def test_a_matter_of_an_older_pack_takes_the_length_from_the_newest_of_its_code(raised, steps):
    case = raised()
    asked_and_refused(case, steps)
    pack = older(case)
    params = {"terms": TERMS | {"arbitrate": TERMS["help"]}, "limits": LIMITS}
    newer(pack, code="another", effective_from=pack.effective_from + timedelta(days=9))
    newer(pack, params=params)
    steps["object"](case)
    assert read_now(case) == pack.pk
    # three working days: of version 2 of its own code, not of the later pack of another
    assert running(case)["arbitrate"].due_at.isoformat() == "2026-03-05T16:00:00+00:00"
    assert last(case, "object").data["rules"] == "CASE-TEST 第2版"


def read_now(case):
    with scope(EVERYWHERE):
        return read_pack(case)


def test_of_another_code_where_its_own_has_none(raised, steps):
    case = raised()
    asked_and_refused(case, steps)
    newer(older(case), code="another", version=7)
    steps["object"](case)
    assert last(case, "object").data["rules"] == "another 第7版"


def test_a_pack_that_knows_the_clock_is_not_spoken_of(objected):
    assert last(objected(), "object").data["rules"] == ""


def test_where_no_pack_knows_the_clock_nothing_is_changed(raised, steps):
    case = raised()
    asked_and_refused(case, steps)
    older(case)
    before = snapshot(case)
    with pytest.raises(Unavailable, match="装入新的一版"):
        steps["object"](case)
    assert snapshot(case) == before


def test_a_part_is_objected_to_like_any_other_matter(raised, steps, squad):
    case = raised()
    walk(case, steps, "triaged")
    where = (12, squad.grants[0].department_id)
    shares = [actions.parts.Share(f"第 {n} 份。", "major", *where) for n in (1, 2)]
    part, _other = actions.split_case(CLERK, case_id=case.pk, shares=shares, at=NOON)
    for name in ("request_return", "refuse_return", "object", "uphold"):
        steps[name](part)
    assert read(part.pk).state == "handling"
