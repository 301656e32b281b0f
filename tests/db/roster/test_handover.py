"""交接班: what runs and what was promised goes to the next; taken once, rewritten never."""

from datetime import time, timedelta

import pytest
from django.db import InternalError, ProgrammingError, transaction

from tests.casework import CLERK, COLLEAGUE, ELSEWHERE, LIN, NEIGHBOUR, TOWN
from tests.conftest import NOON
from tests.db.cases.test_at_once import at_once
from tests.duty import MONDAY, make_officer, put
from tests.people import officer
from tests.places import make_places
from yukuai.accounts.policy import Role
from yukuai.flows.handing_over import hand_over_desk, list_running_at
from yukuai.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.roster import actions
from yukuai.roster.models import Handover
from yukuai.roster.queries import find_untaken, get_desk
from yukuai.workflow.models import StateChange

GRID = officer(Role.GRID_WORKER, "1.2.12.112.", user_id=71)


def hand(actor=CLERK, notes="", at=NOON):
    return actions.hand_over(actor, division_id=112, running=[], notes=notes, at=at)


def stored():
    with scope(EVERYWHERE):
        return list(Handover.objects.order_by("pk"))


def test_what_runs_at_the_window_is_filled_in_by_number(people, raised, steps):
    calm = raised(body="楼道灯不亮。")
    urgent = raised(body="楼道灯不亮。", at=NOON - timedelta(days=9))
    done = raised()
    for move in ("accept", "triage", "dispatch", "sign", "reply", "review"):
        steps[move](done)
    raised(division_id=113)
    with scope(CLERK.areas, CLERK.holders):
        desk = get_desk(CLERK, division_id=112)
        groups = list_running_at(CLERK, desk=desk, at=NOON)
    found = {group["name"]: (group["count"], sorted(group["numbers"])) for group in groups}
    assert found == {
        "unaccepted": (2, sorted([calm.number, urgent.number])),
        "due": (1, [urgent.number]),
        "visits": (1, [done.number]),
    }


def test_the_next_shift_decides_what_is_due_soon(people, shift, raised):
    one = raised()
    evening = actions.add_shift(
        CLERK, division_id=112, name="晚班", starts=time(14), ends=time(13), at=NOON
    )
    put(evening, people["colleague"], day=MONDAY + timedelta(days=1))
    with scope(CLERK.areas, CLERK.holders):
        desk = get_desk(CLERK, division_id=112)
        groups = list_running_at(CLERK, desk=desk, at=NOON)
    assert {g["name"]: g["numbers"] for g in groups}["due"] == [one.number]


def test_it_is_handed_over_with_its_numbers_and_taken_by_the_next(people, raised):
    case = raised()
    with scope(CLERK.areas, CLERK.holders):
        desk = get_desk(CLERK, division_id=112)
    notes = f"答应了 {case.number} 明天上午回话。"
    pk = hand_over_desk(CLERK, desk=desk, notes=notes, at=NOON)
    taken = actions.take_over(COLLEAGUE, handover_id=pk, at=NOON + timedelta(minutes=5))
    assert (taken.state, taken.taken_by_id, taken.notes) == ("taken", 12, notes)
    assert taken.running[0]["numbers"] == [case.number]
    with scope(EVERYWHERE):
        log = StateChange.objects.filter(workflow="handover", object_id=pk).order_by("pk")
        assert [(line.move, line.user_id) for line in log] == [("hand_over", 11), ("take_over", 12)]
    with scope(CLERK.areas):
        assert find_untaken(CLERK, desk=desk) is None


def test_who_wrote_it_does_not_take_it_and_nobody_takes_it_twice(people):
    one = hand()
    with pytest.raises(Conflict, match="由接班的人来接"):
        actions.take_over(CLERK, handover_id=one.pk, at=NOON)
    actions.take_over(COLLEAGUE, handover_id=one.pk, at=NOON)
    with pytest.raises(Conflict, match="已经有人接过去了"):
        actions.take_over(COLLEAGUE, handover_id=one.pk, at=NOON)


@pytest.mark.parametrize("actor", [NEIGHBOUR, ELSEWHERE, GRID])
def test_another_window_neither_finds_nor_takes_a_hand_over(people, actor):
    one = hand()
    with pytest.raises(NotFound):
        actions.take_over(actor, handover_id=one.pk, at=NOON)
    with pytest.raises(NotFound):
        hand(actor)
    assert [row.state for row in stored()] == ["handed"]


def test_the_street_reads_it_but_takes_it_in_nobodys_stead(people):
    one = hand()
    with pytest.raises(NotPermitted):
        actions.take_over(TOWN, handover_id=one.pk, at=NOON)
    with pytest.raises(NotPermitted, match="窗口自己的人"):
        hand(TOWN)
    assert [row.state for row in stored()] == ["handed"]


def test_while_somebody_is_on_duty_nobody_else_hands_over(people, shift):
    put(shift, people["colleague"])
    with pytest.raises(Conflict, match="现在值班的是陈建国"):
        hand(CLERK)
    assert stored() == []
    assert hand(COLLEAGUE).handed_by_id == 12


@pytest.mark.parametrize(
    "notes",
    [
        "回电话 19900000417。",
        "回电话 199 0000 0417。",
        "回电话 199-0000-0417",
        "回电话１９９０００００４１７",
        "证件 509999199001011234",
    ],
)
def test_a_telephone_or_an_identity_number_is_refused_and_nothing_is_kept(people, notes):
    with pytest.raises(InvalidInput, match="不写电话和证件号") as refused:
        hand(notes=notes)
    assert "notes" in refused.value.fields
    assert stored() == []


def test_a_matter_that_is_not_there_for_the_writer_is_refused(people, raised):
    far = raised(division_id=113)
    for number in (far.number, "ZT-9901-000001"):
        with pytest.raises(InvalidInput, match=number):
            hand(notes=f"看一下 {number}。")
    assert stored() == []
    own = raised()
    assert hand(notes=f"看一下 {own.number.lower()}。").state == "handed"


@pytest.mark.parametrize(
    "change", [{"notes": "改过了"}, {"running": [1]}, {"handed_by": "别人"}, {"handed_at": NOON}]
)
def test_the_database_keeps_what_was_handed_over(people, change):
    hand(notes="原话。", at=NOON - timedelta(hours=1))
    with (
        scope(EVERYWHERE),
        pytest.raises((InternalError, ProgrammingError)),
        transaction.atomic(),
    ):
        Handover.objects.update(**change)
    assert stored()[0].notes == "原话。"


def test_the_database_lets_nobody_undo_a_taking_nor_delete(people):
    one = hand()
    actions.take_over(COLLEAGUE, handover_id=one.pk, at=NOON)
    for act in (
        lambda rows: rows.update(state="handed", taken_at=None),
        lambda rows: rows.delete(),
    ):
        with (
            scope(EVERYWHERE),
            pytest.raises((InternalError, ProgrammingError)),
            transaction.atomic(),
        ):
            act(Handover.objects.all())
    assert [row.state for row in stored()] == ["taken"]


def test_two_take_one_hand_over_at_once_and_one_is_told(real_commits):
    places = make_places()
    for user_id, name in ((11, "周晓岚"), (12, "陈建国"), (13, "彭霞")):
        make_officer(user_id, Role.COMMUNITY_STAFF, places[112], name=name)
    third = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=13)
    one = hand()
    results = at_once(
        lambda: actions.take_over(COLLEAGUE, handover_id=one.pk, at=NOON),
        lambda: actions.take_over(third, handover_id=one.pk, at=NOON),
    )
    [refused] = [r for r in results if isinstance(r, DomainError)]
    assert isinstance(refused, Conflict)
    assert refused.message == "已经有人接过去了。"
    with scope(EVERYWHERE):
        assert StateChange.objects.filter(workflow="handover", move="take_over").count() == 1


def test_what_is_raised_by_a_resident_is_not_in_the_snapshot_in_his_words(people, raised):
    raised(LIN, body="我家在 3 单元，灯不亮。")
    with scope(CLERK.areas, CLERK.holders):
        desk = get_desk(CLERK, division_id=112)
    hand_over_desk(CLERK, desk=desk, notes="", at=NOON)
    assert "单元" not in str(stored()[0].running)
