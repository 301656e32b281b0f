"""Drawn, checked, put right, submitted, approved by another, in effect: and every refusal."""

from datetime import timedelta

import pytest

from tests.conftest import NOON
from tests.db.boundaries_fixtures import (
    adopt,
    dirty,
    draft,
    grown,
    moved,
    read,
    shapes_of,
    start,
    submit,
)
from tests.db.lines_tree import (
    CITY,
    CITY_TOO,
    DISTRICT,
    NEIGHBOUR,
    TODAY,
    current,
    misfits,
)
from tests.people import officer, resident
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.boundaries import actions, queries
from yukuai.boundaries.actions._steps import Stale
from yukuai.boundaries.models import DraftShape, GroundChange, LineDraft, LineReview
from yukuai.boundaries.states import LINE_WORKFLOW, LineState
from yukuai.divisions.models import Boundary
from yukuai.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import StateChange

__all__ = ["draft", "grown"]
pytestmark = pytest.mark.django_db
S = LineState


def log_of(draft):
    with scope(EVERYWHERE):
        rows = StateChange.objects.filter(workflow="line", object_id=draft.pk).order_by("pk")
        return [(row.move, row.target) for row in rows]


def test_a_draft_begins_with_the_lines_in_effect_and_is_accepted(grown, draft):
    assert draft.number == "JX-2026-000001" or draft.number.startswith("JX-2026-")
    assert (draft.state, draft.accepted, draft.reason, draft.findings) == (S.DRAFT, True, "", [])
    ids = {one.pk for one in grown.below(grown.districts[0])}
    assert set(shapes_of(draft)) == ids
    with scope(EVERYWHERE):
        assert not GroundChange.objects.filter(draft=draft).exists()


def test_one_draft_of_a_layer_at_a_time(draft):
    with pytest.raises(Conflict, match="没有办完"):
        start()
    actions.withdraw_draft(DISTRICT, number=draft.number, at=NOON)
    assert start().pk != draft.pk


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (CITY, NotPermitted),
        (NEIGHBOUR, NotPermitted),
        (officer(Role.TOWNSHIP_OP, "1.2.20."), NotPermitted),
        (officer(Role.DEPT_OP, "1.2.", department_id=9), NotPermitted),
        (officer(Role.GRID_WORKER, "1.2.20.200."), NotPermitted),
        (officer(Role.SYS_ADMIN, "1.2."), NotPermitted),
        (resident(9), NotPermitted),
    ],
    ids=str,
)
def test_only_the_post_at_the_parent_draws_its_children(grown, actor, error):
    with pytest.raises(error):
        start(actor)
    with scope(EVERYWHERE):
        assert not LineDraft.objects.exists()


def test_each_level_draws_what_lies_below_it(grown):
    township = next(one for one in grown.townships if one.parent_id == 2)
    layers = {(one.layer, one.children) for one in found(DISTRICT)}
    assert layers == {("township", len(grown.below(grown.districts[0])))}
    assert start(CITY, 1, "district").layer == "district"
    below = officer(Role.TOWNSHIP_OP, township.path, user_id=21)
    assert start(below, township.pk, "community").state == S.DRAFT
    with pytest.raises(InvalidInput, match="选要画的一级"):
        start(DISTRICT, 2, "community")


def found(actor):
    with scope(actor.areas, actor.holders):
        return queries.list_startable(actor)


def test_another_districts_draft_does_not_exist(draft):
    for stranger in (NEIGHBOUR, officer(Role.DISTRICT_OP, "1.21."), resident(3)):
        with scope(stranger.areas, stranger.holders):
            assert not LineDraft.objects.exists()
            assert not DraftShape.objects.exists()
            with pytest.raises(NotFound):
                queries.get_draft(stranger, number=draft.number)
        with pytest.raises(NotFound):
            actions.withdraw_draft(stranger, number=draft.number, at=NOON)
    inside = officer(Role.GRID_WORKER, "1.2.")
    with scope(inside.areas, inside.holders), pytest.raises(NotFound):
        queries.get_draft(inside, number=draft.number)


def test_an_overlap_is_found_put_right_and_only_then_submitted(grown, draft):
    child, after = dirty(draft)
    assert not after.accepted
    assert {one["check"] for one in after.findings} >= {"overlap"}
    assert shapes_of(draft)[child].drawn["type"] == "Polygon"
    with pytest.raises(Conflict):
        submit(draft)
    assert read(draft).state == S.DRAFT
    assert adopt(draft).accepted
    assert submit(draft).state == S.SUBMITTED
    assert log_of(draft) == [("start", "draft"), ("submit", "submitted")]


def test_what_changes_hands_is_said_with_its_size(draft):
    _child, after = moved(draft)
    assert after.accepted
    with scope(EVERYWHERE):
        rows = queries.list_grounds(after)
        assert rows
        assert all(row.m2 > 0 and row.before_id != row.after_id for row in rows)
        assert None not in {row.before_id for row in rows} | {row.after_id for row in rows}


def test_who_saves_names_the_version_he_saw(draft):
    before = shapes_of(draft)
    with pytest.raises(Stale, match="别人刚改过"):
        actions.save_shapes(DISTRICT, number=draft.number, version=7, shapes={}, at=NOON)
    with pytest.raises(Stale):
        actions.adopt_proposal(DISTRICT, number=draft.number, version=7, at=NOON)
    assert read(draft).version == 1
    child = min(before)
    empty = actions.save_shapes(
        DISTRICT, number=draft.number, version=1, shapes={child: None}, at=NOON
    )
    assert (empty.version, empty.accepted) == (2, False)
    assert [one["who"] for one in empty.findings if one["check"] == "empty"] == [[child]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[["a", 1]]]},
        {"type": "Polygon", "coordinates": [[[400, 1], [1, 1], [2, 2]]]},
        7,
    ],
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(draft, geometry):
    child = min(shapes_of(draft))
    with pytest.raises(InvalidInput):
        actions.save_shapes(
            DISTRICT, number=draft.number, version=1, shapes={child: geometry}, at=NOON
        )
    assert (read(draft).version, shapes_of(draft)[child].drawn["type"]) == (1, "Polygon")


def test_a_child_of_another_parent_cannot_be_drawn(grown, draft):
    stranger = next(one.pk for one in grown.townships if one.parent_id == 11)
    shape = next(iter(shapes_of(draft).values())).drawn
    with pytest.raises(InvalidInput, match="不属于"):
        actions.save_shapes(
            DISTRICT, number=draft.number, version=1, shapes={stranger: shape}, at=NOON
        )


def test_one_finding_is_put_right_and_the_others_stay(draft):
    _child, after = dirty(draft)
    one = next(f for f in after.findings if f["check"] in {"overlap", "gap"} and f["size_m2"] > 100)
    said = {"number": draft.number, "version": after.version, "key": one["key"], "at": NOON}
    owner = one["owners"][-1]
    fixed = actions.fix_finding(DISTRICT, owner=owner, **said)
    left = {f["key"] for f in fixed.findings if f["size_m2"] > 10}
    assert left == {f["key"] for f in after.findings if f["size_m2"] > 10} - {one["key"]}
    with pytest.raises(Conflict, match="已经没有了"):
        actions.fix_finding(DISTRICT, **said | {"version": fixed.version})


def test_ground_goes_to_the_child_that_was_chosen(draft):
    _child, after = dirty(draft)
    one = next(f for f in after.findings if f["check"] == "overlap")
    for owner in one["owners"]:
        fixed = actions.fix_finding(
            DISTRICT, number=draft.number, version=read(draft).version, key=one["key"],
            owner=owner, at=NOON,
        )  # fmt: skip
        assert one["key"] not in {f["key"] for f in fixed.findings}
        _again, after = dirty(draft)
    with pytest.raises(InvalidInput, match="选一个下级"):
        actions.fix_finding(
            DISTRICT, number=draft.number, version=read(draft).version,
            key=after.findings[0]["key"], owner=987654, at=NOON,
        )  # fmt: skip


# Decided by another


def accepted(draft, **said):
    moved(draft)
    return submit(draft, **said)


def test_approved_lines_take_effect_at_once_and_all_levels_are_told(grown, draft):
    accepted(draft)
    before = current(grown.below(grown.districts[0]))
    after = actions.approve_draft(CITY, number=draft.number, at=NOON)
    assert after.state == S.EFFECTIVE
    lines = current(grown.below(grown.districts[0]))
    changed = {pk for pk, line in lines.items() if line != before[pk]}
    assert changed
    assert log_of(draft)[-2:] == [("approve", "approved"), ("take_effect", "effective")]
    row = Boundary.objects.get(division=min(changed), valid_to=None)
    assert (row.valid_from, row.basis, row.approved_by) == (TODAY, "渝测〔2026〕7号", CITY.label)
    assert 2 not in misfits(grown)


def test_communities_that_do_not_fit_any_more_are_listed_and_stay_in_effect(grown, draft):
    accepted(draft)
    communities = [one for one in grown.communities if one.path.startswith("1.2.")]
    before = current(communities)
    actions.approve_draft(CITY, number=draft.number, at=NOON)
    with scope(EVERYWHERE):
        rows = {row.division_id for row in LineReview.objects.filter(cleared_at=None)}
    assert rows == set(misfits(grown))
    assert rows
    assert set(current(communities)) == set(before)
    township = next(one for one in grown.townships if one.pk in rows)
    clerk = officer(Role.TOWNSHIP_OP, township.path, user_id=77)
    with scope(clerk.areas):
        assert [row.division_id for row in queries.list_reviews(clerk)] == [township.pk]
    again = start(clerk, township.pk, "community")
    assert not again.accepted
    assert adopt(again, clerk).accepted
    submit(again, clerk)
    actions.approve_draft(DISTRICT, number=again.number, at=NOON + timedelta(days=1))
    with scope(clerk.areas):
        assert list(queries.list_reviews(clerk)) == []


def test_never_by_whoever_drew_nor_beside_nor_below(grown, draft):
    accepted(draft)
    twice = officer(Role.CITY_OP, "1.", user_id=DISTRICT.user_id)
    for actor in (DISTRICT, twice, officer(Role.DISTRICT_OP, "1.2.", user_id=99)):
        with pytest.raises(NotPermitted):
            actions.approve_draft(actor, number=draft.number, at=NOON)
        with pytest.raises(NotPermitted):
            actions.return_draft(actor, number=draft.number, reason="不对", at=NOON)
    for actor in (NEIGHBOUR, officer(Role.TOWNSHIP_OP, "1.2.20.")):
        with pytest.raises(NotFound):
            actions.approve_draft(actor, number=draft.number, at=NOON)
    assert read(draft).state == S.SUBMITTED


def test_the_citys_own_drawing_is_approved_by_another_officer_of_the_city(grown):
    draft = start(CITY, 1, "district")
    submit(draft, CITY)
    with pytest.raises(NotPermitted, match="另一个人"):
        actions.approve_draft(CITY, number=draft.number, at=NOON)
    assert actions.approve_draft(CITY_TOO, number=draft.number, at=NOON).state == S.EFFECTIVE


def test_returned_with_a_reason_drawn_again_and_submitted_again(draft):
    accepted(draft)
    with pytest.raises(InvalidInput, match="写明哪里"):
        actions.return_draft(CITY, number=draft.number, reason=" ", at=NOON)
    with pytest.raises(Conflict, match="不能再画"):
        dirty(draft)
    actions.return_draft(CITY, number=draft.number, reason="东边不对", at=NOON)
    assert read(draft).state == S.RETURNED
    dirty(draft)
    adopt(draft)
    assert submit(draft).state == S.SUBMITTED


def test_what_is_not_due_waits_for_its_day_and_takes_effect_by_itself(grown, draft):
    day = TODAY + timedelta(days=3)
    accepted(draft, effective=day)
    assert actions.approve_draft(CITY, number=draft.number, at=NOON).state == S.APPROVED
    with scope(EVERYWHERE):
        assert queries.list_due(SYSTEM, on=day - timedelta(days=1)) == []
        assert queries.list_due(SYSTEM, on=day) == [draft.pk]
    with pytest.raises(Conflict, match="才生效"):
        actions.put_draft_in_effect(SYSTEM, draft_id=draft.pk, at=NOON)
    assert read(draft).state == S.APPROVED
    later = NOON + timedelta(days=3)
    assert actions.put_draft_in_effect(SYSTEM, draft_id=draft.pk, at=later).state == S.EFFECTIVE
    assert actions.put_draft_in_effect(SYSTEM, draft_id=draft.pk, at=later).state == S.EFFECTIVE
    assert 2 not in misfits(grown)


def test_a_day_in_the_past_or_no_basis_is_refused(draft):
    with pytest.raises(InvalidInput, match="生效日期"):
        submit(draft, effective=TODAY - timedelta(days=1))
    with pytest.raises(InvalidInput, match="依据"):
        submit(draft, basis=" ")
    assert read(draft).state == S.DRAFT


def test_when_the_line_above_moved_meanwhile_nothing_takes_effect(grown, draft):
    accepted(draft, effective=TODAY + timedelta(days=1))
    actions.approve_draft(CITY, number=draft.number, at=NOON)
    above = start(CITY, 1, "district")
    moved(above, CITY)
    submit(above, CITY)
    actions.approve_draft(CITY_TOO, number=above.number, at=NOON)
    before = Boundary.objects.count()
    later = NOON + timedelta(days=1)
    with pytest.raises(Conflict, match="对不上"):
        actions.put_draft_in_effect(SYSTEM, draft_id=draft.pk, at=later)
    assert (read(draft).state, Boundary.objects.count()) == (S.APPROVED, before)
    actions.return_draft(CITY, number=draft.number, reason="上级界线变了", at=later)
    again = actions.check_draft(DISTRICT, number=draft.number, at=later)
    assert not again.accepted


def test_every_move_that_is_not_in_the_table_is_refused(draft):
    accepted(draft)
    moves = {
        "submit": lambda: submit(draft),
        "approve": lambda: actions.approve_draft(CITY, number=draft.number, at=NOON),
        "return": lambda: actions.return_draft(CITY, number=draft.number, reason="x", at=NOON),
        "take_effect": lambda: actions.put_draft_in_effect(SYSTEM, draft_id=draft.pk, at=NOON),
        "withdraw": lambda: actions.withdraw_draft(DISTRICT, number=draft.number, at=NOON),
    }
    assert set(moves) == {move.name for move in LINE_WORKFLOW.moves}
    for state in (S.DRAFT, S.RETURNED, S.APPROVED, S.EFFECTIVE, S.WITHDRAWN, S.SUBMITTED):
        with scope(EVERYWHERE):
            LineDraft.objects.filter(pk=draft.pk).update(state=state)
        for name, act in moves.items():
            allowed = state in LINE_WORKFLOW.move(name).sources
            idle = name == "take_effect" and state == S.EFFECTIVE
            if allowed or idle:
                continue
            with pytest.raises(DomainError):
                act()
            assert read(draft).state == state
