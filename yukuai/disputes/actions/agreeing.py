"""An agreement: said, in effect, confirmed or not, fulfilled or not, filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.disputes.actions._steps import (
    TEXT_LENGTH,
    lock,
    move,
    required,
    start_clock,
    tidy,
)
from yukuai.disputes.models import Agreement, Dispute, FulfilmentItem
from yukuai.disputes.queries import list_items, opened
from yukuai.disputes.states import AgreementForm, Confirmation, Outcome
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput
from yukuai.workflow.actions import drop_deadlines, meet_deadlines
from yukuai.workflow.calendar import end_of_day

MOST_ITEMS = 10


@dataclass(frozen=True)
class Promised:
    """One thing that is to be done, and by when, where a day was named."""

    what: str
    due_on: date | None = None


@action
def agree(
    actor: Actor,
    *,
    dispute_id: int,
    form: str,
    facts: str,
    terms: str,
    items: Sequence[Promised] = (),
    at: datetime,
) -> Dispute:
    """达成协议: an oral one is in effect from today, a written one when it is signed."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    if form not in AgreementForm.values:
        raise InvalidInput("选书面还是口头。", fields={"form": "选书面还是口头。"})
    facts = required(facts, field="facts", sentence="写明主要事实和争的是什么。", limit=TEXT_LENGTH)
    terms = required(terms, field="terms", sentence="写明协议内容。", limit=TEXT_LENGTH)
    dispute.agreement_form = form
    dispute.effective_on = today(at) if form == AgreementForm.ORAL else None
    dispute.next_at, dispute.next_place = None, ""
    with opened(actor, dispute):
        move(actor, dispute, "agree", at=at, form=form)
        Agreement.inside(dispute, form=form, facts=facts, terms=terms, reached_on=today(at)).save()
        for order, one in enumerate(_checked(items), 1):
            FulfilmentItem.inside(dispute, order=order, what=one.what, due_on=one.due_on).save()
        meet_deadlines(dispute, "mediate", at=at)
        _run(actor, dispute, "sign", at=at, since=at)
    return dispute


def _checked(items: Sequence[Promised]) -> list[Promised]:
    said = [
        Promised(tidy(one.what, field="items", limit=200), one.due_on)
        for one in items
        if one.what.strip()
    ]
    if len(said) > MOST_ITEMS:
        sentence = f"履行的事最多分 {MOST_ITEMS} 项，合并几项再写。"
        raise InvalidInput(sentence, fields={"items": sentence})
    return said


@action
def take_effect(
    actor: Actor, *, dispute_id: int, signed_on: date | None = None, at: datetime
) -> Dispute:
    """生效: for a written agreement the day on which all had signed and it was stamped.

    The thirty days for judicial confirmation count from that day (人民调解法第三十三条).
    """
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    written = dispute.agreement_form == AgreementForm.WRITTEN
    with opened(actor, dispute):
        if written:
            agreement = Agreement.objects.filter(dispute=dispute).first()
            if agreement is not None:
                _check_signature(agreement, signed_on, at)
                dispute.effective_on = agreement.signed_on = signed_on
        move(actor, dispute, "take_effect", at=at)
        if written and agreement is not None:
            agreement.save(update_fields=["signed_on"])
        meet_deadlines(dispute, "sign", at=at)
        effective = _moment(dispute.effective_on)
        for name in ("confirm", "visit"):
            _run(actor, dispute, name, at=at, since=effective)
    return dispute


def _check_signature(agreement: Agreement, signed_on: date | None, at: datetime) -> None:
    sentence = ""
    if signed_on is None:
        sentence = "写各方签完字、盖好章的那一天。"
    elif signed_on > today(at):
        sentence = "这一天还没有到。签完字再来记。"
    elif signed_on < agreement.reached_on:
        sentence = "签字的日子不能早于达成协议的那天。"
    if sentence:
        raise InvalidInput(sentence, fields={"signed_on": sentence})


def _moment(day: date | None) -> datetime:
    """A term by days begins on its day; the day itself does not count."""
    assert day is not None
    return end_of_day(day) - timedelta(seconds=1)


def _run(actor: Actor, dispute: Dispute, name: str, *, at: datetime, since: datetime) -> None:
    assert dispute.mediator is not None
    start_clock(actor, dispute, name, owner=dispute.mediator.division, at=at, since=since)


@action
def note_confirmation(actor: Actor, *, dispute_id: int, result: str, at: datetime) -> Dispute:
    """Both have applied at the court, or neither wants to: no more reminders."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    if result not in Confirmation.values:
        sentence = "选申请了，还是都说不用。"
        raise InvalidInput(sentence, fields={"result": sentence})
    with opened(actor, dispute):
        change = move(actor, dispute, "note_confirmation", at=at, result=result)
        dispute.confirmation = result
        dispute.save(update_fields=["confirmation"])
        if change.data["result"] == Confirmation.APPLIED:
            meet_deadlines(dispute, "confirm", at=at)
        else:
            drop_deadlines(dispute, "confirm", at=at)
    return dispute


@action
def visit_fulfilment(
    actor: Actor,
    *,
    dispute_id: int,
    done: Mapping[int, date],
    outcome: str = "",
    words: str = "",
    at: datetime,
) -> Dispute:
    """履行回访: item by item; with an outcome it can be filed, without one it is asked again."""
    dispute = lock(actor, dispute_id)
    require(actor, Permission.DISPUTE_MEDIATE, dispute)
    if outcome and outcome not in Outcome.values:
        sentence = "选履行得怎么样；还要再看，就不选。"
        raise InvalidInput(sentence, fields={"outcome": sentence})
    words = tidy(words, field="words", limit=TEXT_LENGTH)
    with opened(actor, dispute):
        items = list_items(actor, dispute=dispute)
        left = [one for one in items if one.done_on is None and one.pk not in done]
        if left and outcome == Outcome.FULFILLED:
            sentence = f"还有 {len(left)} 项没有记履行的日子，不能算都履行了。"
            raise InvalidInput(sentence, fields={"outcome": sentence})
        dispute.outcome = outcome
        move(actor, dispute, "visit", at=at, words=words, outcome=outcome)
        for one in items:
            _tick(one, done.get(one.pk), at)
        meet_deadlines(dispute, "visit", at=at)
        _run(actor, dispute, "archive" if outcome else "visit", at=at, since=at)
    return dispute


def _tick(item: FulfilmentItem, day: date | None, at: datetime) -> None:
    if day is None or item.done_on is not None:
        return
    if day > today(at):
        sentence = "履行的日子还没有到，等履行了再记。"
        raise InvalidInput(sentence, fields={"items": sentence})
    item.done_on = day
    item.save(update_fields=["done_on"])


@action
def archive_dispute(actor: Actor, *, dispute_id: int, at: datetime) -> Dispute:
    dispute = lock(actor, dispute_id)
    with opened(actor, dispute):
        dispute.closed_at = at
        move(actor, dispute, "archive", at=at)
        meet_deadlines(dispute, "archive", "visit", at=at)
        drop_deadlines(dispute, at=at)
    return dispute
