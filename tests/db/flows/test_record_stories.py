"""A correction is decided: the person concerned, and nobody else, reads it in his inbox."""

import pytest
from django.core.management import call_command

from tests.conftest import NOON
from tests.registering import KEEPER, citizen, codes, person, places
from yukuai.accounts.actions.residents import sign_up
from yukuai.accounts.actors import holders_of, resident_actor
from yukuai.accounts.policy import ANYBODY, SYSTEM
from yukuai.divisions.models import DivisionCode
from yukuai.flows.demo_register import seed_register, someone
from yukuai.flows.record_messages import announce_correction
from yukuai.flows.tasks import tell_of_correction
from yukuai.kernel.errors import NotFound
from yukuai.kernel.outbox import SUBSCRIBERS
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Message
from yukuai.registry import actions
from yukuai.registry.events import CorrectionSettled

__all__ = ["codes", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
PHONE = "19900000417"


@pytest.fixture
def asked():
    call_command("load_message_templates", verbosity=0)
    row = person(id_no=citizen(), phone=PHONE, work="一厂")
    for phone in (PHONE, "19900000520"):
        user = sign_up(ANYBODY, phone=phone, at=NOON)
        if phone == PHONE:
            mine = user
    actions.prove_own(
        resident_actor(mine, holders_of(mine)), name="水清浅", number=citizen(), at=NOON
    )
    mine.refresh_from_db()
    me = resident_actor(mine, [*holders_of(mine), *row.holders])
    told = {"person_id": row.pk, "field": "work", "value": "二厂", "why": "换了单位"}
    return mine, actions.ask_correction(me, **told, at=NOON)


def letters():
    with scope(EVERYWHERE):
        return [(one.recipient_id, one.title, one.body) for one in Message.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("accepted", "answer", "title", "said"),
    [
        (True, "", "登记改好了：工作单位", "社区没有另外说明。"),
        (False, "单位证明是一厂", "没有照您说的改：工作单位", "原因：单位证明是一厂。"),
    ],
)
def test_the_resident_is_told_once_and_without_the_value(asked, accepted, answer, title, said):
    user, claim = asked
    decided = {"claim_id": claim.pk, "accepted": accepted, "answer": answer}
    actions.settle_correction(KEEPER, **decided, at=NOON)
    for _ in range(2):
        announce_correction(SYSTEM, claim_id=claim.pk, at=NOON)
    [(to, heading, text)] = letters()
    assert (to, heading) == (user.pk, title)
    assert said in text
    assert "二厂" not in text


def test_nothing_is_told_before_it_is_decided(asked):
    _user, claim = asked
    with pytest.raises(NotFound):
        announce_correction(SYSTEM, claim_id=claim.pk, at=NOON)
    assert letters() == []


def test_deciding_is_what_tells():
    assert tell_of_correction in SUBSCRIBERS[CorrectionSettled]


def test_the_people_of_the_demo_are_nobody_twice():
    numbers = [someone(number).id_no for number in range(120)]
    assert len(set(numbers)) == 120
    assert all(number.startswith("509999") for number in numbers)
    assert len({someone(number).phone for number in range(120)}) == 120
    assert someone(0).name == "冉隆全"
    with pytest.raises(NotFound):
        someone(100_000)


def test_a_register_is_seeded_once(places):
    places[112].code = "500103011014"
    places[112].save()
    DivisionCode.objects.create(
        division=places[112],
        scheme="stats",
        code="500103011014",
        source="test",
        valid_from=NOON.date().replace(year=2020),
    )
    assert seed_register({}, NOON) == 125
    assert seed_register({}, NOON) == 0
