"""Two departments answer last at the same moment: the outcome is known all the same, and once."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from tests.db.elections.test_cards_at_once import both, db
from tests.db.elections.test_preparing import clocks
from tests.electing import CLOSING, offices, opinions, places, ruled, sign, sign_all, under_review
from yukuai.elections import actions
from yukuai.elections.actions import reviewing
from yukuai.elections.models import Nominee, Opinion
from yukuai.kernel.errors import Conflict
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["db", "places", "ruled"]
pytestmark = pytest.mark.usefixtures("ruled")
LAST = "风满楼"


@pytest.fixture
def met(monkeypatch):
    """Each waits before the outcome until the other is there too, or is held up by a lock."""
    together = Barrier(2)

    def conclude(screening, at, *, then=reviewing._conclude):
        with suppress(BrokenBarrierError):
            together.wait(timeout=1)
        then(screening, at)

    def arm():
        monkeypatch.setattr(reviewing, "_conclude", conclude)

    return arm


def known():
    with scope(EVERYWHERE):
        return Nominee.objects.get(name=LAST).review


def test_the_last_two_answers_at_once_make_an_outcome(places, met):
    panel = offices(places)
    election = under_review()
    first, second, *rest = panel.values()
    sign_all(*panel.values(), besides=(LAST,))
    for other in rest:
        sign(other, LAST)
    met()
    answers = both(lambda: sign(first, LAST), lambda: sign(second, LAST))
    assert not any(isinstance(one, Conflict) for one in answers)
    assert known() == "pass"
    assert "review" not in clocks(election)


def test_one_answer_sent_twice_at_once_is_given_once(places, met):
    panel = offices(places)
    under_review()
    police = panel["公安"]
    [asked] = opinions(police, LAST)

    def answer(decision, **given):
        said = {"opinion_id": asked.pk, "decision": decision, "at": CLOSING}
        return actions.give_opinion(police, **said, **given)

    bar = {"bar_code": "CRIMINAL_PENALTY", "basis_ref": "南公函〔2026〕17号"}
    met()
    answers = both(lambda: answer("PASS"), lambda: answer("BAR", **bar))
    assert sum(isinstance(one, Conflict) for one in answers) == 1
    with scope(EVERYWHERE):
        assert Opinion.objects.exclude(signed_at=None).count() == 1
