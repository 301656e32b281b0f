"""Who sees and changes what: attacks first."""

import pytest
from django.db import connection

from tests.conftest import NOON
from tests.people import resident
from tests.registering import (
    DAY,
    DISTRICT,
    GRID,
    KEEPER,
    NEIGHBOUR,
    TOWN,
    WINDOW,
    again,
    building,
    citizen,
    dwelling,
    person,
)
from yukuai.accounts.actions.residents import sign_up
from yukuai.accounts.actors import holders_of, resident_actor
from yukuai.accounts.policy import ANYBODY
from yukuai.audit.models import AuditEntry
from yukuai.kernel.errors import DomainError, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.keeping import readable
from yukuai.registry.models import Claim, Dwelling, Person
from yukuai.registry.states import Standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
PHONE = "19900000417"
LOOK = {"purpose": "contact", "at": NOON}


def sees(actor):
    with scope(actor.areas, actor.holders):
        return readable(actor, Person).count(), Person.objects.count()


def test_a_person_exists_for_his_community_and_for_who_stands_above():
    person()
    assert sees(KEEPER) == (1, 1)
    assert sees(TOWN) == (1, 1)
    assert sees(NEIGHBOUR) == (0, 0)
    assert sees(ANYBODY) == (0, 0)
    assert sees(DISTRICT)[0] == 0
    assert sees(GRID)[0] == 0


def test_raw_sql_as_the_application_sees_nothing_without_a_scope():
    row = person(id_no=citizen(), phone=PHONE)
    dwelling(building())
    with connection.cursor() as cursor:
        for table in ("person", "dwelling", "claim", "occupancy", "household", "membership"):
            cursor.execute(f"SELECT count(*) FROM registry_{table}")
            assert cursor.fetchone() == (0,)
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT id_no || phone FROM registry_person WHERE id = %s", [row.pk])
        (sealed,) = cursor.fetchone()
    assert citizen() not in sealed
    assert PHONE not in sealed


@pytest.mark.parametrize("actor", [NEIGHBOUR, TOWN, DISTRICT, GRID, ANYBODY])
def test_nobody_else_changes_a_record(actor):
    row = person(work="一厂")
    say = {"kind": "person", "subject_id": row.pk, "at": NOON}
    for act in (
        lambda: actions.amend(actor, **say, values={"work": "x"}, said=WINDOW),
        lambda: actions.confirm_unchanged(actor, **say),
        lambda: actions.end_record(actor, **say, why="moved", on=DAY),
    ):
        with pytest.raises((NotFound, NotPermitted)):
            act()
    assert again(row).work == "一厂"
    with pytest.raises(DomainError):
        person("代别的社区登记", actor=actor)
    with scope(EVERYWHERE):
        assert Person.objects.count() == 1


def test_a_sealed_value_is_opened_with_a_purpose_and_on_record():
    row = person(phone=PHONE)
    ask = {"kind": "person", "subject_id": row.pk, "field": "phone"}
    with pytest.raises(InvalidInput, match="用途"):
        actions.reveal(KEEPER, **ask, purpose="", at=NOON)
    assert actions.reveal(KEEPER, **ask, **LOOK).value == PHONE
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="registry.reveal")
    assert (entry.purpose, entry.holders) == ("联系本人", row.holders)
    assert entry.details == {"fields": ["手机号"]}
    for actor in (NEIGHBOUR, GRID, DISTRICT, ANYBODY):
        with pytest.raises((NotFound, NotPermitted)):
            actions.reveal(actor, **ask, **LOOK)
    with pytest.raises(NotFound):
        actions.reveal(KEEPER, **ask | {"field": "facts"}, **LOOK)
    with pytest.raises(NotFound):
        actions.reveal(KEEPER, **ask | {"field": "name"}, **LOOK)


@pytest.fixture
def citizen_actor():
    user = sign_up(ANYBODY, phone=PHONE, at=NOON)
    return lambda: resident_actor(user, holders_of(user))


def prove(actor, name="水清浅", number=""):
    return actions.prove_own(actor, name=name, number=number or citizen(), at=NOON)


def test_a_resident_finds_his_own_record_and_no_other(citizen_actor):
    own = person(id_no=citizen(), phone=PHONE)
    person("另一个", id_no=citizen(2))
    me = citizen_actor()
    assert sees(me) == (0, 0)
    for wrong in ({"name": "木清浅"}, {"number": citizen(2)}, {"number": citizen(3)}):
        with pytest.raises(NotFound, match="窗口"):
            prove(me, **wrong)
    assert prove(me) == 1
    me = citizen_actor()
    with scope(me.areas, me.holders):
        assert [row.pk for row in Person.objects.all()] == [own.pk]
        assert {entry.act for entry in AuditEntry.objects.filter(target=own.target)} >= {
            "person.register"
        }
    assert prove(me) == 1


def test_without_the_telephone_of_the_record_nothing_is_found(citizen_actor):
    person(id_no=citizen(), phone="19900000418")
    with pytest.raises(NotFound):
        prove(citizen_actor())
    with pytest.raises(DomainError):
        prove(resident(9))


def test_a_correction_is_asked_for_and_settled(citizen_actor):
    row = person(id_no=citizen(), phone=PHONE, work="一厂")
    with pytest.raises(NotFound):
        ask(citizen_actor(), row)
    prove(citizen_actor())
    me = citizen_actor()
    ask(me, row, value="三厂")
    claim = ask(me, row)
    with pytest.raises(InvalidInput, match="窗口"):
        ask(me, row, field="id_no", value=citizen(5))
    with pytest.raises(InvalidInput):
        ask(me, row, field="work", value="一厂")
    assert again(row).work == "一厂"
    for other in (NEIGHBOUR, TOWN, me):
        with pytest.raises((NotFound, NotPermitted)):
            settle(other, claim)
    settle(KEEPER, claim)
    assert again(row).work == "二厂"
    with scope(me.areas, me.holders):
        assert {(one.standing, one.value) for one in Claim.objects.all()} == {
            (Standing.FORMER, "一厂"),
            (Standing.TAKEN, "二厂"),
        }
    with pytest.raises(NotFound):
        settle(KEEPER, claim)


def test_a_refused_correction_says_why(citizen_actor):
    row = person(id_no=citizen(), phone=PHONE, work="一厂")
    prove(citizen_actor())
    me = citizen_actor()
    claim = ask(me, row)
    with pytest.raises(InvalidInput, match="为什么"):
        settle(KEEPER, claim, accepted=False)
    settle(KEEPER, claim, accepted=False, answer="单位证明是一厂。")
    with scope(me.areas, me.holders):
        kept = Claim.objects.get()
    assert (kept.standing, kept.answer) == (Standing.REFUSED, "单位证明是一厂。")
    assert again(row).work == "一厂"


def ask(actor, row, field="work", value="二厂"):
    return actions.ask_correction(
        actor, person_id=row.pk, field=field, value=value, why="换了单位", at=NOON
    )


def settle(actor, claim, *, accepted=True, answer=""):
    return actions.settle_correction(
        actor, claim_id=claim.pk, accepted=accepted, answer=answer, at=NOON
    )


def test_a_dwelling_is_nobody_elses():
    dwelling(building(), owner_name="水清浅")
    with scope(NEIGHBOUR.areas, NEIGHBOUR.holders):
        assert not Dwelling.objects.exists()
