"""Two departments answer last at the same moment: the outcome is known all the same, and once."""

import pytest

from tests.db.elections.test_cards_at_once import both, db
from tests.db.elections.test_preparing import clocks
from tests.electing import CLOSING, offices, opinions, places, ruled, sign, sign_all, under_review
from yukuai.elections import actions
from yukuai.elections.models import Nominee, Opinion
from yukuai.kernel.errors import Conflict
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["db", "places", "ruled"]
pytestmark = pytest.mark.usefixtures("ruled")
LAST = "风满楼"


def known():
    with scope(EVERYWHERE):
        return Nominee.objects.get(name=LAST).review


def test_the_last_two_answers_at_once_make_an_outcome(places):
    panel = offices(places)
    election = under_review()
    first, second, *rest = panel.values()
    sign_all(*panel.values(), besides=(LAST,))
    for other in rest:
        sign(other, LAST)
    answers = both(lambda: sign(first, LAST), lambda: sign(second, LAST))
    assert not any(isinstance(one, Conflict) for one in answers)
    assert known() == "pass"
    assert "review" not in clocks(election)


def test_one_answer_sent_twice_at_once_is_given_once(places):
    panel = offices(places)
    under_review()
    police = panel["公安"]
    [asked] = opinions(police, LAST)

    def answer(decision, **given):
        said = {"opinion_id": asked.pk, "decision": decision, "at": CLOSING}
        return actions.give_opinion(police, **said, **given)

    bar = {"bar_code": "CRIMINAL_PENALTY", "basis_ref": "南公函〔2026〕17号"}
    answers = both(lambda: answer("PASS"), lambda: answer("BAR", **bar))
    assert sum(isinstance(one, Conflict) for one in answers) == 1
    with scope(EVERYWHERE):
        assert Opinion.objects.exclude(signed_at=None).count() == 1
