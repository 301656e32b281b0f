"""The mediation itself: asking around, bringing both to one table, what is said there."""

from collections.abc import Iterable
from datetime import date, datetime

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.disputes.actions._steps import (
    REASON_LENGTH,
    TEXT_LENGTH,
    lock,
    lock_own,
    move,
    note,
    required,
    start_clock,
    tidy,
)
from yukuai.disputes.models import Dispute, Party, Referral, Session
from yukuai.disputes.queries import opened
from yukuai.disputes.states import MEDIATED, Channel
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.workflow.actions import drop_deadlines, meet_deadlines


@action
def investigate(actor: Actor, *, dispute_id: int, at: datetime) -> Dispute:
    dispute = lock(actor, dispute_id)
    with opened(actor, dispute):
        move(actor, dispute, "investigate", at=at)
    return dispute


@action
def note_inquiry(actor: Actor, *, dispute_id: int, words: str, at: datetime) -> Dispute:
    """Whom one asked, what one saw: sealed, beside the line of the log."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    words = required(words, field="words", sentence="写明问了谁、看到什么。", limit=TEXT_LENGTH)
    with opened(actor, dispute):
        move(actor, dispute, "inquire", at=at, words=words)
    return dispute


@action
def open_mediation(
    actor: Actor, *, dispute_id: int, next_at: datetime, place: str, at: datetime
) -> Dispute:
    """约双方: the first date and place."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    _set_date(dispute, next_at, place, at)
    with opened(actor, dispute):
        move(actor, dispute, "mediate", at=at)
    return dispute


@action
def change_date(
    actor: Actor, *, dispute_id: int, next_at: datetime, place: str, at: datetime
) -> Dispute:
    """改时间: moves no state; both are told."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    if dispute.state not in MEDIATED:
        raise Conflict("指派以后、达成协议以前才约时间。")
    _set_date(dispute, next_at, place, at)
    with opened(actor, dispute):
        note(actor, dispute, "change_date", at=at)
    return dispute


def _set_date(dispute: Dispute, next_at: datetime, place: str, at: datetime) -> None:
    if next_at <= at:
        sentence = "约的时间已经过了，写一个往后的时间。"
        raise InvalidInput(sentence, fields={"next_at": sentence})
    where = required(place, field="place", sentence="写明在哪里调解。", limit=120)
    dispute.next_at, dispute.next_place = next_at, where


@action
def hold_session(
    actor: Actor,
    *,
    dispute_id: int,
    held_on: date,
    record: str,
    present: Iterable[int] = (),
    others: str = "",
    held_at: str = "",
    next_at: datetime | None = None,
    next_place: str = "",
    at: datetime,
) -> Dispute:
    """记录: which day, who came, how it went; and the next date, when it is not over."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    words = required(record, field="record", sentence="写明怎么谈的。", limit=TEXT_LENGTH)
    if held_on > today(at):
        sentence = "这一天还没有到。写已经调解过的那天。"
        raise InvalidInput(sentence, fields={"held_on": sentence})
    dispute.next_at, dispute.next_place = None, ""
    if next_at is not None:
        _set_date(dispute, next_at, next_place or held_at, at)
    with opened(actor, dispute):
        session = Session.inside(
            dispute,
            held_on=held_on,
            held_at=tidy(held_at, field="held_at", limit=120),
            present=_present(dispute, present),
            others=tidy(others, field="others"),
            record=words,
            mediator=dispute.mediator.name if dispute.mediator else "",
            written_at=at,
        )
        dispute.sessions += 1
        move(actor, dispute, "hold_session", at=at)
        session.save()
    return dispute


def _present(dispute: Dispute, ids: Iterable[int]) -> list[int]:
    known = Party.objects.filter(dispute=dispute, pk__in=list(ids)).order_by("pk")
    found = list(known.values_list("pk", flat=True))
    if not found:
        sentence = "勾上来了的当事人。"
        raise InvalidInput(sentence, fields={"present": sentence})
    return found


@action
def fail_mediation(
    actor: Actor, *, dispute_id: int, ways: dict[str, str], reason: str = "", at: datetime
) -> Dispute:
    """没有达成: ended, and both told where else they can go. `ways`: channel to address."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    told = {
        channel: tidy(address, field=channel, limit=REASON_LENGTH)
        for channel, address in ways.items()
        if channel in Channel.values and address.strip()
    }
    dispute.told_where = bool(told)
    with opened(actor, dispute):
        move(actor, dispute, "fail", at=at, words=tidy(reason, field="reason"))
        for channel, address in told.items():
            Referral.inside(dispute, channel=channel, address=address).save()
        meet_deadlines(dispute, "mediate", at=at)
        assert dispute.mediator is not None
        start_clock(actor, dispute, "archive", owner=dispute.mediator.division, at=at, since=at)
    return dispute


@action
def withdraw(actor: Actor, *, dispute_id: int, reason: str = "", at: datetime) -> Dispute:
    """A party does not want it (any more): that ends it, whatever the other says."""
    dispute = lock_own(actor, dispute_id)
    return _end(actor, dispute, "withdraw", words=tidy(reason, field="reason"), at=at)


@action
def record_withdrawal(
    actor: Actor, *, dispute_id: int, party_id: int, reason: str = "", at: datetime
) -> Dispute:
    """The same, said to the mediator or the office."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_RECORD, dispute)
    reason = tidy(reason, field="reason")
    with opened(actor, dispute):
        known = Party.objects.filter(dispute=dispute, pk=party_id).first()
    if known is None:
        sentence = "选是哪一方说的。"
        raise InvalidInput(sentence, fields={"party": sentence})
    side = known.get_side_display()
    return _end(actor, dispute, "record_withdrawal", words=reason, at=at, side=side)


def _end(
    actor: Actor, dispute: Dispute, name: str, *, words: str, at: datetime, **data: str
) -> Dispute:
    with opened(actor, dispute):
        dispute.next_at, dispute.next_place = None, ""
        dispute.closed_at = at
        move(actor, dispute, name, at=at, words=words, **data)
        drop_deadlines(dispute, at=at)
    return dispute
