"""Two desks at the same moment: one card is good once, whoever is first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from tests.electing import COMMITTEE, POLLING, SETTLED, carded, cards_of, handed_out, shown
from yukuai.elections import actions
from yukuai.elections.models import CardUse
from yukuai.kernel.errors import Conflict
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.usefixtures("ruled")


@pytest.fixture
def db(real_commits):
    """Real commits, so that the other connection sees them."""


def both(*acts):
    together = Barrier(len(acts))

    def run(act):
        try:
            together.wait()
            return act()
        except Conflict as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def use(election, card, client_uuid, desk="一号台"):
    said = {"ballots": 1, "desk": desk, "used_at": POLLING, "at": POLLING}
    said |= {"text": shown(card), "client_uuid": client_uuid}
    return actions.use_card(COMMITTEE, number=election.number, **said)


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_a_card_and_its_copy_at_two_desks_one_gets_ballots():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    answers = both(
        lambda: use(election, card, uuid4()), lambda: use(election, card, uuid4(), "二号台")
    )
    assert kinds(answers) == ["CardRefused", "CardUse"]
    [refused] = [answer for answer in answers if isinstance(answer, Conflict)]
    assert "已领票" in refused.message


def test_one_act_sent_twice_at_once_is_one():
    election = carded("风满楼")
    card, one = handed_out(election)["风满楼"], uuid4()
    answers = both(*[lambda: use(election, card, one)] * 2)
    assert kinds(answers) == ["CardUse", "CardUse"]
    with scope(EVERYWHERE):
        assert CardUse.objects.count() == 1


def test_a_card_that_is_replaced_while_it_is_shown_gives_ballots_or_a_new_card_never_both():
    election = carded("风满楼")
    card = handed_out(election)["风满楼"]
    said = {"card_id": card.pk, "why": "丢了", "at": SETTLED}
    answers = both(
        lambda: use(election, card, uuid4()),
        lambda: actions.replace_card(COMMITTEE, number=election.number, **said),
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    with scope(EVERYWHERE):
        used = CardUse.objects.count()
    assert cards_of(election)["风满楼"].number == (1 if used else 2)
