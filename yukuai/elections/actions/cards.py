"""Voter cards: made for the whole roll, handed out against a signature, replaced, shown once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max

from yukuai.accounts.policy import Actor, Permission
from yukuai.elections.actions._steps import a_day, lock_going, required, trace
from yukuai.elections.cards import CODE_SIGNS, in_order
from yukuai.elections.models import CardUse, Election, Voter, VoterCard
from yukuai.elections.queries import get_card, get_carded, list_cardless, read_card
from yukuai.elections.queries.cards import TOO_EARLY, CardRead
from yukuai.elections.schedule import said_day
from yukuai.elections.states import CardAnswer, CardState, Taker, going
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI, today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.ids import new_code
from yukuai.workflow.actions import remember

P = Permission
MOST_AT_ONCE = 2000
MOST_PROXIES = 3
"""Where the law that holds names no number (domain.md §2.7, E15)."""


REFUSALS = {
    CardAnswer.UNISSUED: "这张证没有发放记录。先核对本人，补记发放，再领票。",
    CardAnswer.VOID: "这张证已经作废，不能领票。补发过的，用新证。",
    CardAnswer.FOREIGN: "不是这次选举的证，不能领票。请核对是哪个村（社区）的。",
    CardAnswer.FORGED: "不是本系统印制的选民证，不能领票。请留下证件，报告选举委员会。",
}


class CardRefused(Conflict):
    """This card gets no ballots; `answer` says which of the reasons."""

    def __init__(self, answer: CardAnswer, message: str) -> None:
        super().__init__(message)
        self.answer = answer


@action
def make_cards(actor: Actor, *, number: str, at: datetime) -> int:
    """A card for every voter of the roll who has none: again, it makes what is missing. Numbered
    as they are handed out. Returns how many were made."""
    election = _lock_carded(actor, number, at)
    waiting = list(list_cardless(actor, election=election))
    waiting.sort(key=lambda one: (one.group, in_order(one.home), one.name, one.pk))
    first = _next_number(election)
    made = [_card(election, voter, serial, at) for serial, voter in enumerate(waiting, start=first)]
    VoterCard.objects.bulk_create(made, batch_size=2000)
    if made:
        said = f"{len(made)} 张，第 {first} 号到第 {first + len(made) - 1} 号"
        trace(actor, election, "make-cards", at=at, purpose=said)
    return len(made)


def _lock_carded(actor: Actor, number: str, at: datetime) -> Election:
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    if not election.carded:
        raise Conflict(TOO_EARLY)
    return election


def _next_number(election: Election) -> int:
    """Void cards count: a number is never given twice."""
    rows = VoterCard.objects.filter(election=election)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _card(
    election: Election,
    voter: Voter,
    serial: int,
    at: datetime,
    replaces: VoterCard | None = None,
) -> VoterCard:
    return VoterCard(
        election=election,
        division=election.division,
        voter=voter,
        number=serial,
        code=new_code(CODE_SIGNS),
        made_at=at,
        replaces=replaces,
    )


@action
def issue_cards(
    actor: Actor,
    *,
    number: str,
    card_ids: Sequence[int],
    taker: str,
    taker_name: str = "",
    issued_on: date,
    at: datetime,
) -> int:
    """They were handed out, and signed for on the register; one card or those of a building. What
    was handed out before stays as it was recorded. Returns how many are new."""
    election = _lock_carded(actor, number, at)
    if taker not in Taker.values:
        raise InvalidInput("选本人领还是家人代领。", fields={"taker": "选一个。"})
    name = ""
    if taker == Taker.FAMILY:
        said = {"field": "taker_name", "like": "name"}
        name = required(taker_name, sentence="写明代领人的姓名。", **said)
    rows = VoterCard.objects.filter(election=election, state=CardState.MADE)
    rows = rows.filter(pk__in=list(card_ids)[:MOST_AT_ONCE])
    if made_at := rows.aggregate(last=Max("made_at"))["last"]:
        a_day(issued_on, field="issued_on", after=today(made_at), before=today(at))
    count = rows.update(
        state=CardState.ISSUED,
        issued_on=issued_on,
        taker=taker,
        taker_name=name,
        issued_by=actor.label,
    )
    if count:
        trace(actor, election, "issue-cards", at=at, purpose=f"{count} 张，{Taker(taker).label}")
    return count


@action
def replace_card(actor: Actor, *, number: str, card_id: int, why: str, at: datetime) -> VoterCard:
    """Lost or spoiled: the old one is void from now on, the new one has a number of its own and is
    handed out against a signature like any other. Whoever took his ballots gets none."""
    election = _lock_carded(actor, number, at)
    why = required(why, field="why", sentence="写明为什么补发。", like="why")
    old = get_card(actor, election=election, card_id=card_id, locked=True)
    if old.state == CardState.VOID:
        raise Conflict(f"第 {old.number} 号已经作废，不能再补发。")
    if CardUse.objects.filter(card=old).exists():
        raise Conflict(f"第 {old.number} 号已经领过票，不能补发。")
    old.state, old.voided_at, old.voided_why = CardState.VOID, at, why
    old.save(update_fields=["state", "voided_at", "voided_why"])
    card = _card(election, old.voter, _next_number(election), at, replaces=old)
    card.save(force_insert=True)
    remember(actor, election, move="replace-card", at=at, reason=why, card=old.number)
    trace(actor, election, "replace-card", at=at, card=old.number, by_card=card.number)
    return card


@action
def use_card(
    actor: Actor,
    *,
    number: str,
    text: str,
    ballots: int,
    desk: str,
    client_uuid: UUID,
    used_at: datetime,
    at: datetime,
) -> CardUse:
    """Ballots are handed out on a card that was scanned or typed: how many, never which. `used_at`
    is the desk's own clock, for a desk without a network sends it later; the same `client_uuid`
    is the same act. Raises CardRefused, for a second use with when and where the first was."""
    election = get_carded(actor, number=number)
    read = read_card(actor, election=election, text=text)
    if read.card is not None:  # two desks with one card, or while it is replaced: one is first
        get_card(actor, election=election, card_id=read.card.pk, locked=True)
        if sent := CardUse.objects.filter(card=read.card, client_uuid=client_uuid).first():
            return sent
        read = read_card(actor, election=election, text=text)
    used_at = min(used_at, at)
    _may_use(actor, election, ballots, used_at, at)
    use = CardUse(
        election=election,
        division=election.division,
        card=_holding(read),
        client_uuid=client_uuid,
        ballots=ballots,
        desk=required(desk, field="desk", sentence="写明哪个领票台。", like="name"),
        used_at=used_at,
        by=actor.label,
    )
    try:
        use.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("这一次领票的标识用在了另一张证上，请重新扫描。") from error
    trace(actor, election, "use-card", at=at, card=use.card.number, ballots=ballots, desk=use.desk)
    return use


def _may_use(
    actor: Actor, election: Election, ballots: int, used_at: datetime, at: datetime
) -> None:
    if objection := going(actor, election, at):
        raise Conflict(objection)
    if today(used_at) != election.day:
        raise Conflict(f"选举日（{said_day(election.day)}）那天才凭证领票。")
    most = 1 + election.rules.whole("proxy_max", silent=MOST_PROXIES)
    if not 1 <= ballots <= most:
        sentence = f"领票张数在 1 到 {most} 之间：本人一份，加上接受的委托。"
        raise InvalidInput(sentence, fields={"ballots": sentence})


def _holding(read: CardRead) -> VoterCard:
    if read.card is not None and read.answer == CardAnswer.VALID:
        return read.card
    raise CardRefused(read.answer, refusal(read))


def refusal(read: CardRead) -> str:
    """Why no ballots are handed out on it, and what to do."""
    if read.answer == CardAnswer.USED and read.used_at:
        moment = read.used_at.astimezone(SHANGHAI)
        return (
            f"第 {read.number} 号已领票：{said_day(moment.date())} {moment:%H:%M} 在{read.desk}。"
            "不能再领，请选举委员会当场核对。"
        )
    return REFUSALS[read.answer]
