"""The joint review: each department for itself, silence never passes, and the community learns
nothing but whether somebody passed."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.db.elections.test_preparing import clocks
from tests.electing import (
    CLOSING,
    COMMITTEE,
    KEEPER,
    LEAD,
    TOWN,
    offices,
    opinions,
    sign,
    sign_all,
    submitted,
    under_review,
)
from tests.offices import make_department
from tests.people import officer
from yukuai.accounts.policy import Actor, Grant, Role
from yukuai.audit.models import AuditEntry
from yukuai.elections import actions
from yukuai.elections.models import Nominee, Opinion, Panelist, Screening
from yukuai.elections.queries.reviews import (
    list_own_opinions,
    list_screenings,
    list_under_review,
    list_waiting,
    needs_meeting,
    open_screening,
)
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline, StateChange

pytestmark = pytest.mark.usefixtures("ruled")
BAR = {"decision": "BAR", "bar_code": "CRIMINAL_PENALTY", "basis_ref": "南公函〔2026〕17号"}
SECRETS = ("CRIMINAL_PENALTY", "受过刑事处罚", "南公函", "公安")


@pytest.fixture
def panel(places):
    return offices(places)


@pytest.fixture
def police(panel):
    return panel["公安"]


def review_of(name):
    with scope(EVERYWHERE):
        return Nominee.objects.get(name=name).review


def screening(name):
    with scope(EVERYWHERE):
        return Screening.objects.get(name=name)


def within(actor, read):
    with scope(actor.areas, actor.holders):
        return read()


def test_the_district_sends_everybody_to_every_department(panel):
    election = submitted()
    [sent] = within(LEAD, lambda: list_under_review(LEAD))
    assert (sent.people, sent.unasked, sent.settled) == (7, 7, 0)
    assert actions.ask_departments(LEAD, number=election.number, at=CLOSING) == 21
    assert actions.ask_departments(LEAD, number=election.number, at=CLOSING) == 0, "once"
    [sent] = within(LEAD, lambda: list_under_review(LEAD))
    assert (sent.people, sent.unasked, sent.settled) == (7, 0, 0)
    for actor in panel.values():
        assert len(opinions(actor)) == 7
    one = opinions(panel["公安"], "风满楼")[0].screening
    assert (one.place, str(one.birth_date)) == ("南社区 主任", "1980-05-06")


def test_which_departments_are_asked_is_the_districts_choice(places, panel):
    extra = make_department(places[2], "南区税务局", kind="税务")
    elsewhere = make_department(places[11], "北区公安局", kind="公安")
    ids = [extra.pk, elsewhere.pk]
    assert actions.set_panel(LEAD, department_ids=ids, at=CLOSING) == 1, "of one's own district"
    election = submitted()
    assert actions.ask_departments(LEAD, number=election.number, at=CLOSING) == 7
    assert opinions(panel["公安"]) == []
    with pytest.raises(InvalidInput):
        actions.set_panel(LEAD, department_ids=[elsewhere.pk], at=CLOSING)
    with scope(EVERYWHERE):
        assert Panelist.objects.get().department_id == extra.pk
    for actor in (TOWN, COMMITTEE, panel["公安"]):
        with pytest.raises(NotPermitted):
            actions.set_panel(actor, department_ids=[extra.pk], at=CLOSING)


def test_whoever_everybody_passes_has_passed(panel):
    under_review()
    civil, police, justice = panel.values()
    sign(civil, "风满楼")
    sign(police, "风满楼", "NO_RECORD")
    assert review_of("风满楼") == "pending", "as long as one is silent nobody has passed"
    sign(justice, "风满楼")
    assert review_of("风满楼") == "pass"


def test_silence_is_late_and_never_consent(panel, police):
    election = under_review()
    sign_all(panel["民政"], panel["司法行政"])
    late = CLOSING + timedelta(days=30)
    [waiting] = within(LEAD, lambda: list_waiting(LEAD, at=late))
    assert (waiting.department, waiting.waiting, waiting.late) == ("南区公安局", 7, 7)
    assert review_of("风满楼") == "pending"
    assert "review" in clocks(election)


def test_when_all_have_answered_the_clock_of_the_review_is_met(panel):
    election = under_review()
    sign_all(*panel.values())
    assert "review" not in clocks(election)
    with scope(EVERYWHERE):
        assert set(Nominee.objects.values_list("review", flat=True)) == {"pass"}


def test_one_bar_is_enough_and_the_outcome_waits_for_all(panel, police):
    under_review()
    sign(police, "风满楼", **BAR)
    assert review_of("风满楼") == "pending", "when it turns tells nobody who it was"
    sign(panel["民政"], "风满楼")
    sign(panel["司法行政"], "风满楼")
    assert review_of("风满楼") == "bar"
    with scope(EVERYWHERE):
        row = Opinion.objects.get(decision="BAR")
    assert (row.bar_code, row.basis_ref) == ("CRIMINAL_PENALTY", "南公函〔2026〕17号")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"decision": "MAYBE"}, "decision"),
        ({"decision": "BAR", "basis_ref": "1号"}, "bar_code"),
        ({"decision": "BAR", "bar_code": "UGLY", "basis_ref": "1号"}, "bar_code"),
        ({"decision": "BAR", "bar_code": "CRIMINAL_PENALTY"}, "basis_ref"),
        ({"decision": "CAUTION"}, "basis_ref"),
        ({"decision": "PASS", "bar_code": "CRIMINAL_PENALTY"}, "bar_code"),
        ({"decision": "PASS", "basis_ref": "他三年前因盗窃判过刑"}, "basis_ref"),
    ],
)
def test_an_opinion_is_a_conclusion_a_code_and_a_reference(police, given, field):
    under_review()
    [one] = opinions(police, "风满楼")
    with pytest.raises(InvalidInput) as refused:
        actions.give_opinion(police, opinion_id=one.pk, at=CLOSING, **given)
    assert field in refused.value.fields
    assert len(opinions(police)) == 7


def test_a_department_answers_for_itself_and_once(panel, police):
    under_review()
    [one] = opinions(police, "风满楼")
    said = {"opinion_id": one.pk, "decision": "PASS", "at": CLOSING}
    for actor in (panel["民政"], LEAD, TOWN, COMMITTEE, KEEPER):
        with pytest.raises((NotFound, NotPermitted)):
            actions.give_opinion(actor, **said)
    actions.give_opinion(police, **said)
    with pytest.raises(Conflict, match="已经签过"):
        actions.give_opinion(police, **said)


def test_a_department_of_another_level_or_district_is_not_asked(places, police):
    under_review()
    town = officer(Role.DEPT_OP, "1.2.12.", department_id=police.grants[0].department_id)
    north = make_department(places[11], "北区公安局", kind="公安")
    other = officer(Role.DEPT_OP, "1.11.", department_id=north.pk)
    for actor in (town, other):
        assert within(actor, lambda actor=actor: list_own_opinions(actor, at=CLOSING)) == []


def test_a_caution_goes_to_the_joint_meeting(panel, police):
    under_review()
    sign(police, "风满楼", "CAUTION", basis_ref="南公函〔2026〕18号")
    said = {"screening_id": screening("风满楼").pk, "settled": "PASS", "at": CLOSING}
    with pytest.raises(Conflict, match="没有要会商的"):
        actions.settle_caution(LEAD, basis_ref="联席纪要3号", **said)
    sign(panel["民政"], "风满楼")
    sign(panel["司法行政"], "风满楼")
    assert review_of("风满楼") == "pending"
    rows = within(LEAD, lambda: list_screenings(LEAD, at=CLOSING))
    assert [one.name for one in rows if needs_meeting(one)] == ["风满楼"]
    assert rows[0].name == "风满楼"
    for actor in (police, TOWN, COMMITTEE):
        with pytest.raises((NotFound, NotPermitted)):
            actions.settle_caution(actor, basis_ref="联席纪要3号", **said)
    with pytest.raises(InvalidInput):
        actions.settle_caution(LEAD, basis_ref=" ", **said)
    actions.settle_caution(LEAD, basis_ref="联席纪要3号", **said)
    assert review_of("风满楼") == "pass"


def test_the_meeting_may_say_no(panel, police):
    under_review()
    sign(police, "风满楼", "CAUTION", basis_ref="南公函〔2026〕18号")
    sign_all(*panel.values())
    said = {"screening_id": screening("风满楼").pk, "settled": "BAR", "basis_ref": "3号"}
    actions.settle_caution(LEAD, at=CLOSING, **said)
    assert review_of("风满楼") == "bar"
    with pytest.raises(Conflict):
        actions.settle_caution(LEAD, at=CLOSING, **said | {"settled": "PASS"})


def test_a_bar_is_not_for_the_meeting_to_lift(panel, police):
    under_review()
    sign(police, "风满楼", **BAR)
    sign(panel["民政"], "风满楼", "CAUTION", basis_ref="南民函1号")
    sign_all(*panel.values())
    said = {"screening_id": screening("风满楼").pk, "settled": "PASS", "basis_ref": "3号"}
    with pytest.raises(Conflict):
        actions.settle_caution(LEAD, at=CLOSING, **said)
    assert review_of("风满楼") == "bar"


def test_the_person_states_his_case_once_and_who_objected_answers_again(panel, police):
    under_review()
    said = {"screening_id": screening("风满楼").pk, "statement": "处罚已经撤销", "at": CLOSING}
    with pytest.raises(Conflict, match="不用申辩"):
        actions.state_case(LEAD, **said)
    sign(police, "风满楼", **BAR)
    sign_all(*panel.values())
    assert review_of("风满楼") == "bar"
    actions.state_case(LEAD, **said)
    assert review_of("风满楼") == "pending"
    assert [one.round for one in opinions(police, "风满楼")] == [2]
    assert opinions(panel["民政"]) == []
    with pytest.raises(Conflict, match="已经申辩过一次"):
        actions.state_case(LEAD, **said)
    sign(police, "风满楼")
    assert review_of("风满楼") == "pass"
    _one, rows = within(
        LEAD, lambda: open_screening(LEAD, screening_id=said["screening_id"], at=CLOSING)
    )
    assert sorted((row.round, row.decision) for row in rows) == [
        (1, "BAR"), (1, "PASS"), (1, "PASS"), (2, "PASS"),
    ]  # fmt: skip


def test_whoever_withdrew_is_asked_about_no_more(police):
    election = under_review()
    with scope(EVERYWHERE):
        nominee = Nominee.objects.get(name="风满楼")
    said = {"nominee_id": nominee.pk, "why": "本人不愿意", "at": CLOSING}
    actions.withdraw_nominee(COMMITTEE, number=election.number, **said)
    assert opinions(police, "风满楼") == []
    assert len(opinions(police)) == 6


def test_the_clock_is_met_when_the_last_who_waits_withdraws(panel):
    election = under_review()
    sign_all(*panel.values(), besides=("风满楼",))
    assert "review" in clocks(election)
    with scope(EVERYWHERE):
        nominee = Nominee.objects.get(name="风满楼")
    said = {"nominee_id": nominee.pk, "why": "本人不愿意", "at": CLOSING}
    actions.withdraw_nominee(COMMITTEE, number=election.number, **said)
    assert "review" not in clocks(election)


def test_the_clock_runs_again_when_somebody_states_his_case(panel):
    election = under_review()
    sign(panel["公安"], "风满楼", **BAR)
    sign_all(*panel.values())
    assert "review" not in clocks(election)
    later = CLOSING + timedelta(days=1)
    said = {"screening_id": screening("风满楼").pk, "statement": "处罚已经撤销", "at": later}
    actions.state_case(LEAD, **said)
    with scope(EVERYWHERE):
        [asked] = Opinion.objects.filter(signed_at=None)
    assert clocks(election)["review"] == asked.due_at
    sign(panel["公安"], "风满楼", "PASS", at=later)
    assert "review" not in clocks(election)


def test_nothing_is_answered_while_it_is_halted(police):
    election = under_review()
    [one] = opinions(police, "风满楼")
    said = {"halt": "suspended", "reason": "有人举报贿选", "at": CLOSING}
    actions.halt_election(TOWN, number=election.number, **said)
    assert opinions(police) == []
    with pytest.raises(Conflict, match="不在联审"):
        actions.give_opinion(police, opinion_id=one.pk, decision="PASS", at=CLOSING)


# What the community must never learn


def barred(panel):
    election = under_review()
    sign(panel["公安"], "风满楼", **BAR)
    sign_all(*panel.values())
    said = {"screening_id": screening("风满楼").pk, "statement": "处罚已经撤销", "at": CLOSING}
    actions.state_case(LEAD, **said)
    sign(panel["公安"], "风满楼", **BAR)
    assert review_of("风满楼") == "bar"
    return election


SPY = Actor(
    "社区干部，借了区县的眼睛",
    (
        Grant(Role.COMMUNITY_STAFF, "1.2.12.112.", search="1.2.", statistics="1."),
        Grant(Role.GLASS, None, search="1.2."),
    ),
    ("user:90",),
    user_id=90,
    kind="staff",
)
"""A community officer who may search the whole district and has broken the glass to it."""


@pytest.mark.parametrize("actor", [COMMITTEE, KEEPER, TOWN], ids=["committee", "staff", "town"])
def test_below_the_district_no_row_of_the_review_exists(panel, actor):
    barred(panel)
    with scope(actor.areas, actor.holders):
        for model in (Screening, Opinion, Panelist):
            assert not model.objects.exists()
        assert Nominee.objects.get(name="风满楼").review == "bar", "this much they learn"


@pytest.mark.parametrize("actor", [COMMITTEE, KEEPER, TOWN, SPY])
def test_no_query_gives_a_reason_to_whoever_was_not_asked(panel, actor):
    barred(panel)
    one = screening("风满楼")
    with scope(actor.areas, actor.holders):
        assert list_own_opinions(actor, at=CLOSING) == []
        assert list_screenings(actor, at=CLOSING) == []
        assert list_waiting(actor, at=CLOSING) == []
        with pytest.raises(NotFound):
            open_screening(actor, screening_id=one.pk, at=CLOSING)


@pytest.mark.parametrize("actor", [COMMITTEE, KEEPER, TOWN], ids=["committee", "staff", "town"])
def test_the_log_the_clocks_and_the_audit_say_nothing_either(panel, actor):
    barred(panel)
    with scope(actor.areas, actor.holders):
        told = [
            *map(str, StateChange.objects.values_list("actor", "reason", "said", "data", "move")),
            *map(str, Deadline.objects.values_list("name", "label", "law")),
            *map(
                str, AuditEntry.objects.values_list("actor", "act", "target", "purpose", "details")
            ),
            *map(str, Nominee.objects.values()),
        ]
    assert len(told) > 20
    assert [line for line in told if any(secret in line for secret in SECRETS)] == []
    officers = [actor.label for actor in panel.values()]
    assert [line for line in told if any(one in line for one in officers)] == []


def test_not_even_an_auditor_reads_the_reason(panel):
    barred(panel)
    auditor = officer(Role.AUDITOR, "1.2.", user_id=91)
    with scope(auditor.areas, auditor.holders):
        told = list(map(str, AuditEntry.objects.values_list("target", "purpose", "details")))
    for secret in ("CRIMINAL_PENALTY", "刑事处罚", "南公函", "BAR"):
        assert not any(secret in line for line in told)


def test_every_look_is_audited(panel, police):
    under_review()
    one = screening("风满楼")
    with scope(LEAD.areas, LEAD.holders):
        list_screenings(LEAD, at=CLOSING)
        open_screening(LEAD, screening_id=one.pk, at=CLOSING)
    opinions(police)
    with scope(EVERYWHERE):
        rows = AuditEntry.objects.filter(act__contains="review")
        looks = sorted(set(rows.values_list("actor", "act", "area")))
    assert looks == sorted(
        {
            (LEAD.label, "election.list-reviews", "1.2."),
            (LEAD.label, "election.look-at-review", "1.2."),
            (police.label, "election.list-reviews", "1.2."),
        }
    )


def test_what_is_said_lies_sealed_in_the_database(panel):
    barred(panel)
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT bar_code, basis_ref FROM elections_opinion WHERE decision = 'BAR'")
        for row in cursor.fetchall():
            assert not {"CRIMINAL_PENALTY", "南公函〔2026〕17号"} & set(row)
        cursor.execute("SELECT statement FROM elections_screening WHERE statement <> ''")
        assert "撤销" not in str(cursor.fetchall())
