from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.elections import cards
from yukuai.elections.models import Election, Voter, VoterCard
from yukuai.elections.queries.elections import get_election
from yukuai.elections.queries.roll import holds_card
from yukuai.elections.states import CardAnswer, CardState, VoterState
from yukuai.kernel.crypto import public_key
from yukuai.kernel.errors import Conflict, NotFound

TOO_EARLY = "名单确定以后才有选民证。"


def get_carded(actor: Actor, *, number: str) -> Election:
    """An election whose cards the actor keeps. Raises NotFound, NotPermitted, Conflict."""
    election = get_election(actor, number=number)
    require(actor, Permission.ELECTION_RUN, election)
    if not election.carded:
        raise Conflict(TOO_EARLY)
    return election


@dataclass(frozen=True)
class CardNumbers:
    """How many cards stand how; `without` are voters of the roll who have none."""

    without: int
    made: int
    issued: int
    void: int
    used: int

    @property
    def living(self) -> int:
        return self.made + self.issued


def card_numbers(actor: Actor, *, election: Election) -> CardNumbers:
    rows = VoterCard.objects.filter(election=election)
    said = {state.value: Count("pk", filter=Q(state=state)) for state in CardState}
    counted = rows.aggregate(**said, used=Count("use"))
    return CardNumbers(without=list_cardless(actor, election=election).count(), **counted)


def list_cardless(actor: Actor, *, election: Election) -> QuerySet[Voter]:
    """Voters of the roll without a card that holds."""
    rows = Voter.objects.filter(election=election, state=VoterState.LISTED)
    return rows.filter(~holds_card()).order_by("pk")


@dataclass(frozen=True)
class CardGroup:
    name: str
    made: int
    issued: int


def list_card_groups(actor: Actor, *, election: Election) -> list[CardGroup]:
    """The groups of the roll, with how many cards of each wait and are handed out."""
    rows = VoterCard.objects.filter(election=election).values_list("voter__group")
    counted = rows.annotate(
        made=Count("pk", filter=Q(state=CardState.MADE)),
        issued=Count("pk", filter=Q(state=CardState.ISSUED)),
    )
    return [CardGroup(*one) for one in counted.order_by("voter__group")]


def list_cards(
    actor: Actor,
    *,
    election: Election,
    group: str | None = None,
    house: str = "",
    state: str = "",
) -> list[VoterCard]:
    """As they are handed out: by group, house and room; the void ones only where asked for."""
    rows = VoterCard.objects.filter(election=election).select_related("voter")
    rows = rows.filter(state=state) if state else rows.exclude(state=CardState.VOID)
    if group is not None:
        rows = rows.filter(voter__group=group)
    found = [one for one in rows if not house or cards.house_of(one.voter.home) == house]
    return sorted(found, key=round_order)


def round_order(card: VoterCard) -> tuple[str, list[tuple[int, str]], int]:
    return card.voter.group, cards.in_order(card.voter.home), card.number


def get_card(actor: Actor, *, election: Election, card_id: int, locked: bool = False) -> VoterCard:
    rows = VoterCard.objects.filter(election=election, pk=card_id).select_related("voter", "use")
    if locked:
        rows = rows.select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise NotFound("没有这张选民证。请回到选民证页面重新找。")
    return found


def find_card(actor: Actor, *, election: Election, text: str) -> VoterCard | None:
    """For whoever keeps the cards: by its number, or by what was scanned or typed off it."""
    rows = VoterCard.objects.filter(election=election).select_related("voter", "use")
    typed = text.strip()
    if typed.isascii() and typed.isdigit() and len(typed) < 8:
        return rows.filter(number=int(typed)).first()
    return read_card(actor, election=election, text=text).card


@dataclass(frozen=True)
class CardRead:
    """What a shown card is; `card` only where it is one of this election."""

    answer: CardAnswer
    card: VoterCard | None = None

    @property
    def number(self) -> int | None:
        return self.card.number if self.card else None

    @property
    def hint(self) -> str:
        """The first sign of the name: enough to compare, too little to learn."""
        return f"{self.card.voter.name[:1]}某" if self.card else ""

    @property
    def used_at(self) -> datetime | None:
        return self.card.use.used_at if self.card and self.answer == CardAnswer.USED else None

    @property
    def desk(self) -> str:
        return self.card.use.desk if self.card and self.answer == CardAnswer.USED else ""


def read_card(actor: Actor, *, election: Election, text: str) -> CardRead:
    """The signature first, then the election, then what became of the card. An id that was typed
    has no signature: of one that is unknown here nothing more is said. Count such tries
    (`limits.hit`) before."""
    code = cards.tidy(text)
    if not cards.is_typed(text):
        try:
            stamp = cards.verify(text, public_key())
        except cards.Forged:
            return CardRead(CardAnswer.FORGED)
        if stamp.election != cards.short_id(election.number):
            return CardRead(CardAnswer.FOREIGN)
        code = stamp.card
    rows = VoterCard.objects.filter(election=election, code=code).select_related("voter", "use")
    card = rows.first()
    return CardRead(_answer(card), card) if card else CardRead(CardAnswer.FOREIGN)


def _answer(card: VoterCard) -> CardAnswer:
    if hasattr(card, "use"):
        return CardAnswer.USED
    if card.state == CardState.VOID or card.voter.state != VoterState.LISTED:
        return CardAnswer.VOID
    return CardAnswer.VALID if card.state == CardState.ISSUED else CardAnswer.UNISSUED
