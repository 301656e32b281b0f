"""我也遇到了: a neighbour follows another's matter, and stops following it."""

from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.actors import user_key
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.following import GONE
from yukuai.cases.models import Case, Follower
from yukuai.cases.neighbours import SHAREABLE
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, widened

NOT_THERE = "这件事现在不能跟了，可能已经办完。还没解决的话，请您自己反映。"
ONES_OWN = "这是您自己反映的事，有进展会直接告诉您，不用再跟。"
SIGN_IN = "登录以后才能跟，这样有了答复才能告诉您。"


@action
def follow_case(actor: Actor, *, case_id: int, at: datetime) -> Follower:
    """A signed-in resident waits for the answer too; following twice is following once.

    Only what may be told to neighbours can be followed: whoever guesses an id learns nothing.
    """
    policy.require_anywhere(actor, Permission.CASE_FOLLOW)
    if actor.kind != "resident" or actor.user_id is None:
        raise NotPermitted(SIGN_IN)
    with widened(EVERYWHERE):
        case = Case.objects.filter(SHAREABLE, pk=case_id).select_related("division").first()
    if case is None:
        raise NotFound(NOT_THERE)
    if not set(case.holders).isdisjoint(actor.holders):
        raise Conflict(ONES_OWN)
    if known := _own_row(actor, case_id):
        return _again(actor, known, at)
    Follower.objects.bulk_create([_new(actor, case, at)], ignore_conflicts=True)
    record(actor, act="case.follow", target=case.number, area=case.area, at=at)
    row = _own_row(actor, case_id)
    assert row is not None
    return row


def _new(actor: Actor, case: Case, at: datetime) -> Follower:
    assert actor.user_id is not None
    return Follower(
        case=case,
        division=case.division,
        holders=[key for key in actor.holders if not key.startswith("ticket:")],
        person=user_key(actor.user_id),
        user_id=actor.user_id,
        since=at,
    )


def _own_row(actor: Actor, case_id: int) -> Follower | None:
    rows = Follower.objects.filter(case=case_id).order_by("pk")
    rows = policy.visible(actor, Permission.CASE_FOLLOW, rows)
    return rows.select_for_update(of=("self",)).first()


def _again(actor: Actor, row: Follower, at: datetime) -> Follower:
    if row.ended_at is not None:
        row.ended_at, row.since = None, at
        row.save(update_fields=["ended_at", "since"])
        record(actor, act="case.follow", target=f"跟进 {row.pk}", area=row.area, at=at)
    return row


@action
def unfollow_case(actor: Actor, *, follower_id: int, at: datetime) -> Follower:
    """No more news. The row stays his: one tap takes it back."""
    row = _row(actor, follower_id)
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        record(actor, act="case.unfollow", target=f"跟进 {row.pk}", area=row.area, at=at)
    return row


@action
def resume_following(actor: Actor, *, follower_id: int, at: datetime) -> Follower:
    """The undo of `unfollow_case`."""
    return _again(actor, _row(actor, follower_id), at)


def _row(actor: Actor, follower_id: int) -> Follower:
    """His own, locked; what came of a merger of his own matter is not his to end."""
    rows = Follower.objects.filter(pk=follower_id, via=None)
    row = policy.visible(actor, Permission.CASE_FOLLOW, rows).select_for_update().first()
    if row is None:
        raise NotFound(GONE)
    return row
