"""Voter cards: one a voter, signed for, replaced, shown once; and those who try it another way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction

from tests.conftest import NOON
from tests.electing import (
    COMMITTEE,
    KEEPER,
    NEIGHBOUR,
    POLLING,
    SETTLED,
    TOWN,
    carded,
    cards_of,
    finalized,
    handed_out,
    published,
    shown,
)
from yukuai.audit.models import AuditEntry
from yukuai.elections import actions
from yukuai.elections.actions import CardRefused
from yukuai.elections.cards import Stamp, compose
from yukuai.elections.models import CardUse, Election, Voter, VoterCard
from yukuai.elections.queries import (
    card_numbers,
    get_carded,
    list_card_groups,
    list_cards,
    read_card,
)
from yukuai.elections.states import CardAnswer, CardState, VoterState
from yukuai.kernel.crypto import sign
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.usefixtures("ruled")


def make(election, at=SETTLED, actor=COMMITTEE):
    return actions.make_cards(actor, number=election.number, at=at)


def issue(election, *cards, actor=COMMITTEE, **given):
    said = {"taker": "self", "issued_on": SETTLED.date(), "at": SETTLED} | given
    ids = [card.pk for card in cards]
    return actions.issue_cards(actor, number=election.number, card_ids=ids, **said)


def replace(election, card, actor=COMMITTEE):
    said = {"card_id": card.pk, "why": "本人说丢了", "at": SETTLED}
    return actions.replace_card(actor, number=election.number, **said)


def use(election, text, actor=COMMITTEE, **given):
    said = {"ballots": 1, "desk": "一号台", "client_uuid": uuid4(), "used_at": POLLING}
    said |= {"at": POLLING} | given
    return actions.use_card(actor, number=election.number, text=text, **said)


def answer(election, text):
    with scope(EVERYWHERE):
        return read_card(COMMITTEE, election=election, text=text)


def uses():
    with scope(EVERYWHERE):
        return CardUse.objects.count()


def another(election):
    """The same community began again: another number, the same voters' names."""
    with scope(EVERYWHERE):
        other = Election.objects.get(pk=election.pk)
        other.pk, other.number, other.cycle = None, "XJ-2031-000009", "2031"
        other.save(force_insert=True)
        return other


def test_a_card_for_everybody_of_the_roll_once():
    election = finalized("风满楼", "雨潇湘")
    assert make(election) == 2
    assert make(election) == 0, "again, it makes what is missing"
    rows = cards_of(election)
    assert sorted(card.number for card in rows.values()) == [1, 2]
    assert len({card.code for card in rows.values()}) == 2
    with scope(EVERYWHERE):
        numbers = card_numbers(COMMITTEE, election=election)
    assert (numbers.without, numbers.made, numbers.issued, numbers.void) == (0, 2, 0, 0)


def test_who_is_not_on_the_roll_has_none_and_gets_his_when_he_comes_back():
    election = finalized("风满楼", "雨潇湘")
    on_it = {"state": VoterState.LISTED, "why": ""}
    with scope(EVERYWHERE):
        Voter.objects.filter(name="雨潇湘").update(state=VoterState.STRUCK, why="误作死亡")
    assert make(election) == 1
    assert set(cards_of(election)) == {"风满楼"}
    with scope(EVERYWHERE):
        Voter.objects.filter(name="雨潇湘").update(**on_it)
    assert make(election) == 1
    assert {name: card.number for name, card in cards_of(election).items()} == {
        "风满楼": 1,
        "雨潇湘": 2,
    }


def test_cards_are_made_when_the_roll_is_final():
    election = published()
    with pytest.raises(Conflict, match="名单确定以后"):
        make(election, at=NOON)
    with pytest.raises(Conflict, match="名单确定以后"), scope(EVERYWHERE):
        get_carded(COMMITTEE, number=election.number)


@pytest.mark.parametrize(
    ("actor", "refusal"), [(NEIGHBOUR, NotFound), (KEEPER, NotPermitted), (TOWN, NotPermitted)]
)
def test_only_its_own_committee_keeps_the_cards(actor, refusal):
    election = carded("风满楼")
    card = cards_of(election)["风满楼"]
    for act in (
        lambda: make(election, actor=actor),
        lambda: issue(election, card, actor=actor),
        lambda: replace(election, card, actor=actor),
        lambda: use(election, shown(card), actor=actor),
    ):
        with pytest.raises(refusal):
            act()
    with pytest.raises(refusal), scope(actor.areas, actor.holders):
        get_carded(actor, number=election.number)
    assert cards_of(election)["风满楼"].state == CardState.MADE
    assert uses() == 0


def test_another_community_sees_no_card_and_no_use():
    election = carded("风满楼")
    use(election, shown(handed_out(election)["风满楼"]))
    with scope(NEIGHBOUR.areas, NEIGHBOUR.holders):
        assert not VoterCard.objects.exists()
        assert not CardUse.objects.exists()


def test_a_card_is_handed_out_against_a_signature():
    election = carded("风满楼", "雨潇湘")
    rows = cards_of(election)
    assert issue(election, rows["风满楼"]) == 1
    family = {"taker": "family", "taker_name": "风之子"}
    assert issue(election, *rows.values(), **family) == 1, "what is recorded stays"
    rows = cards_of(election)
    assert [(rows[name].taker, rows[name].taker_name) for name in ("风满楼", "雨潇湘")] == [
        ("self", ""),
        ("family", "风之子"),
    ]
    assert rows["风满楼"].issued_by == COMMITTEE.label


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"taker": "neighbour"}, "taker"),
        ({"taker": "family"}, "taker_name"),
        ({"issued_on": SETTLED.date() + timedelta(days=1)}, "issued_on"),
        ({"issued_on": SETTLED.date() - timedelta(days=1)}, "issued_on"),
    ],
)
def test_an_issue_that_cannot_be_is_refused_by_its_field(given, field):
    election = carded("风满楼")
    with pytest.raises(InvalidInput) as refused:
        issue(election, *cards_of(election).values(), **given)
    assert field in refused.value.fields
    assert cards_of(election)["风满楼"].state == CardState.MADE


def test_a_card_of_another_election_is_not_handed_out_here():
    election = carded("风满楼")
    other = another(election)
    assert issue(other, *cards_of(election).values()) == 0
    assert cards_of(election)["风满楼"].state == CardState.MADE


def test_a_lost_card_is_void_and_the_new_one_has_its_own_number():
    election = carded("风满楼", "雨潇湘")
    lost = handed_out(election)["风满楼"]
    new = replace(election, lost)
    assert (new.number, new.replaces_id, new.state) == (3, lost.pk, CardState.MADE)
    assert new.code != lost.code
    assert answer(election, shown(lost)).answer == CardAnswer.VOID
    with pytest.raises(Conflict, match="已经作废"):
        replace(election, lost)
    again = replace(election, new)
    assert again.number == 4, "a number is never used twice"


def test_whoever_took_his_ballots_gets_no_second_card():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    use(election, shown(card))
    with pytest.raises(Conflict, match="已经领过票"):
        replace(election, card)
    assert list(cards_of(election)) == ["风满楼"]


def test_the_database_holds_one_card_a_voter():
    election = carded("风满楼")
    card = cards_of(election)["风满楼"]
    card.pk, card.number, card.code = None, 77, "A" * 12
    with pytest.raises(IntegrityError, match="votercard_one_holds"), scope(EVERYWHERE):
        card.save(force_insert=True)


def test_a_card_that_was_handed_out_is_good():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    read = answer(election, shown(card))
    assert (read.answer, read.number, read.hint) == (CardAnswer.VALID, 1, "风某")
    code = card.code.lower()
    typed = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    assert answer(election, typed).answer == CardAnswer.VALID


def test_a_card_out_of_a_stolen_pile_is_not():
    election = carded("风满楼")
    card = cards_of(election)["风满楼"]
    assert answer(election, shown(card)).answer == CardAnswer.UNISSUED
    with pytest.raises(CardRefused, match="没有发放记录"):
        use(election, shown(card))
    assert uses() == 0


def test_a_forged_signature_is_seen():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    foreign_key = Ed25519PrivateKey.generate()
    stamp = Stamp(shown(card).split(".")[0], card.code)
    for text in (compose(stamp, foreign_key.sign), f"{stamp.election}.{stamp.card}.", "好票"):
        read = answer(election, text)
        assert (read.answer, read.card) == (CardAnswer.FORGED, None)
        with pytest.raises(CardRefused, match="不是本系统印制"):
            use(election, text)
    assert uses() == 0


def test_a_card_of_another_election_is_told_so_and_no_more():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    other = another(election)
    read = answer(other, shown(card))
    assert (read.answer, read.card) == (CardAnswer.FOREIGN, None)
    with pytest.raises(CardRefused) as refused:
        use(other, shown(card))
    assert refused.value.answer == CardAnswer.FOREIGN
    moved = Stamp(other.number.removeprefix("XJ-").replace("-", ""), card.code)
    read = answer(other, compose(moved, sign))
    assert (read.answer, read.card) == (CardAnswer.FOREIGN, None), "signed, and no card of it"


def test_an_id_that_is_guessed_tells_nothing():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    assert answer(another(election), card.code) == answer(election, "K7RM2XPQ94TW")


def test_a_copied_card_is_refused_with_when_and_where_the_first_was():
    election = carded("风满楼")
    text = shown(handed_out(election)["风满楼"])
    use(election, text, desk="二号台", ballots=3)
    with pytest.raises(CardRefused, match=f"{POLLING.month}月{POLLING.day}日 12:00 在二号台"):
        use(election, text, at=POLLING + timedelta(hours=1))
    read = answer(election, text)
    assert (read.answer, read.desk, read.used_at) == (CardAnswer.USED, "二号台", POLLING)
    assert uses() == 1


def test_a_replaced_card_gets_nothing_and_the_new_one_does():
    election = carded("风满楼")
    lost = handed_out(election)["风满楼"]
    new = replace(election, lost)
    issue(election, new)
    with pytest.raises(CardRefused, match="已经作废"):
        use(election, shown(lost))
    assert use(election, shown(new)).card_id == new.pk


def test_who_was_struck_afterwards_holds_a_void_card():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    with scope(EVERYWHERE):
        Voter.objects.update(state=VoterState.STRUCK, why="在别处登记")
    assert answer(election, shown(card)).answer == CardAnswer.VOID


def test_the_same_act_sent_again_is_the_same_act():
    election = carded("风满楼", "雨潇湘")
    rows = handed_out(election)
    sent = {"client_uuid": uuid4(), "used_at": POLLING, "ballots": 2}
    first = use(election, shown(rows["风满楼"]), **sent)
    late = POLLING + timedelta(days=1)
    assert use(election, shown(rows["风满楼"]), **sent, at=late).pk == first.pk
    with pytest.raises(Conflict, match="另一张证"):
        use(election, shown(rows["雨潇湘"]), **sent)
    assert uses() == 1


def test_a_desk_without_a_network_sends_it_later_with_its_own_time():
    election = carded("风满楼")
    text = shown(handed_out(election)["风满楼"])
    made = use(election, text, used_at=POLLING, at=POLLING + timedelta(days=1))
    assert made.used_at == POLLING


def test_a_clock_that_runs_ahead_is_taken_for_ours():
    election = carded("风满楼")
    text = shown(handed_out(election)["风满楼"])
    assert use(election, text, used_at=POLLING + timedelta(minutes=9)).used_at == POLLING


@pytest.mark.parametrize("ballots", [0, 5])
def test_ballots_for_oneself_and_three_others_at_the_most(ballots):
    election = carded("风满楼")
    text = shown(handed_out(election)["风满楼"])
    with pytest.raises(InvalidInput, match="1 到 4"):
        use(election, text, ballots=ballots)
    assert uses() == 0
    assert use(election, text, ballots=4).ballots == 4


def test_ballots_are_handed_out_on_election_day():
    election = carded("风满楼")
    text = shown(handed_out(election)["风满楼"])
    with pytest.raises(Conflict, match="那天才凭证领票"):
        use(election, text, used_at=SETTLED)


def test_nothing_is_handed_out_while_it_is_halted():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    said = {"halt": "suspended", "reason": "有人举报贿选", "at": SETTLED}
    actions.halt_election(TOWN, number=election.number, **said)
    for act in (
        lambda: make(election),
        lambda: replace(election, card),
        lambda: use(election, shown(card)),
    ):
        with pytest.raises(Conflict, match="暂停调查"):
            act()


def test_no_use_leads_to_a_ballot():
    columns = {field.name for field in CardUse._meta.get_fields()}
    assert columns == {
        "id", "division", "area", "election", "card", "client_uuid", "ballots", "desk",
        "used_at", "by",
    }  # fmt: skip


def test_every_act_is_on_record():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    new = replace(election, card)
    issue(election, new)
    use(election, shown(new))
    with scope(EVERYWHERE), transaction.atomic():
        acts = AuditEntry.objects.filter(target=election.number).values_list("act", flat=True)
        found = [act for act in acts.order_by("pk") if "card" in act]
    assert found == [
        "election.make-cards",
        "election.issue-cards",
        "election.replace-card",
        "election.issue-cards",
        "election.use-card",
    ]


def test_cards_are_walked_by_building_and_room():
    election = finalized("风满楼", "雨潇湘", "云中鹤")
    homes = {"风满楼": "10栋1-1", "雨潇湘": "2栋11-1", "云中鹤": "2栋2-1"}
    with scope(EVERYWHERE):
        for name, home in homes.items():
            Voter.objects.filter(name=name).update(group="红光楼", home=home)
    make(election)
    with scope(EVERYWHERE):
        rows = list_cards(COMMITTEE, election=election, group="红光楼")
        groups = list_card_groups(COMMITTEE, election=election)
    walked = [(card.number, card.voter.name) for card in rows]
    assert walked == [(1, "云中鹤"), (2, "雨潇湘"), (3, "风满楼")]
    assert [(one.name, one.made, one.issued) for one in groups] == [("红光楼", 3, 0)]
