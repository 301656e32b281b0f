"""Who mediates: given by the judicial office, given back by the mediator, refused by a party."""

from datetime import datetime

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.accounts.queries import find_staff_for
from yukuai.disputes.actions._steps import (
    lock,
    lock_own,
    move,
    required,
    start_clock,
    take_away,
    tidy,
)
from yukuai.disputes.models import Dispute, Mediator, Party
from yukuai.disputes.queries import get_mediator, opened
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.workflow.actions import drop_deadlines, hand_over_deadline, meet_deadlines


@action
def assign_mediator(actor: Actor, *, dispute_id: int, mediator_id: int, at: datetime) -> Dispute:
    """指派: from now on it is the mediator's; whoever registered it sees it no more."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_ASSIGN, dispute)
    mediator = _available(actor, mediator_id, at)
    with opened(actor, dispute):
        _hand_to(dispute, mediator)
        dispute.assigned_at = dispute.assigned_at or at
        dispute.rekey()
        move(actor, dispute, "assign", at=at, mediator=mediator.name)
        meet_deadlines(dispute, "assign", at=at)
        _run_mediation(actor, dispute, at)
    return dispute


@action
def reassign_mediator(
    actor: Actor, *, dispute_id: int, mediator_id: int, reason: str, at: datetime
) -> Dispute:
    """换人: the former one sees it no more."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_ASSIGN, dispute)
    reason = required(reason, field="reason", sentence="写明为什么换人。")
    mediator = _available(actor, mediator_id, at)
    if dispute.mediator_id == mediator.pk:
        sentence = f"现在就是{mediator.name}，请另选一位。"
        raise InvalidInput(sentence, fields={"mediator": sentence})
    former = dispute.mediator.user_id if dispute.mediator is not None else None
    with opened(actor, dispute):
        _hand_to(dispute, mediator)
        dispute.rekey()
        said = {"mediator": mediator.name, "former_user_id": former}
        move(actor, dispute, "reassign", at=at, words=reason, **said)
        _run_mediation(actor, dispute, at)
    return dispute


@action
def recuse(actor: Actor, *, dispute_id: int, reason: str, at: datetime) -> Dispute:
    """回避: the mediator gives it back."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    reason = required(reason, field="reason", sentence="写明为什么回避，司法所好另派。")
    return _give_back(actor, dispute, "recuse", words=reason, at=at)


@action
def refuse_mediator(actor: Actor, *, dispute_id: int, reason: str = "", at: datetime) -> Dispute:
    """A party would rather have another; he need not say why."""
    dispute = lock_own(actor, dispute_id)
    return _give_back(actor, dispute, "refuse", words=tidy(reason, field="reason"), at=at)


@action
def record_refusal(
    actor: Actor, *, dispute_id: int, party_id: int, reason: str = "", at: datetime
) -> Dispute:
    """The same, said at the counter or on the telephone and written down for him."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_RECORD, dispute)
    reason = tidy(reason, field="reason")
    with opened(actor, dispute):
        side = _side_of(dispute, party_id)
    return _give_back(actor, dispute, "record_refusal", words=reason, at=at, side=side)


def _give_back(
    actor: Actor, dispute: Dispute, name: str, *, words: str, at: datetime, **data: str
) -> Dispute:
    had = dispute.mediator
    former = {"former": had.name, "former_user_id": had.user_id} if had is not None else {}
    with opened(actor, dispute):
        move(actor, dispute, name, at=at, words=words, **former, **data)
        take_away(dispute)
        start_clock(actor, dispute, "assign", owner=dispute.office, at=at, since=at)
        hand_over_deadline(dispute, "mediate", owner=dispute.office, department_id=None)
    return dispute


def _side_of(dispute: Dispute, party_id: int) -> str:
    found = Party.objects.filter(dispute=dispute, pk=party_id).first()
    if found is None:
        sentence = "选是哪一方说的。"
        raise InvalidInput(sentence, fields={"party": sentence})
    return str(found.get_side_display())


def _hand_to(dispute: Dispute, mediator: Mediator) -> None:
    dispute.mediator = mediator
    dispute.next_at, dispute.next_place = None, ""


def _run_mediation(actor: Actor, dispute: Dispute, at: datetime) -> None:
    """One clock for the whole mediation, counted from the first mediator; it goes along."""
    assert dispute.mediator is not None
    owner = dispute.mediator.division
    if not hand_over_deadline(dispute, "mediate", owner=owner, department_id=None):
        drop_deadlines(dispute, "mediate", at=at)
        start_clock(actor, dispute, "mediate", owner=owner, at=at, since=dispute.assigned_at or at)


def _available(actor: Actor, mediator_id: int, at: datetime) -> Mediator:
    """On the register, and able to sign in: his post as a mediator holds today."""
    mediator = get_mediator(actor, mediator_id=mediator_id)
    posted = find_staff_for(
        actor,
        division_id=mediator.division_id,
        department_id=None,
        permission=Permission.DISPUTE_MEDIATE,
        at=at,
    )
    if mediator.user_id not in posted:
        raise Conflict(f"{mediator.name}现在没有人民调解员的岗位，请另选一位。")
    return mediator
