"""Residents: one account a telephone, seen by nobody else."""

import threading

import pytest
from django.db import connection

from tests.conftest import NOON
from tests.people import officer, resident
from tests.places import make_places
from yukuai.accounts.actions import set_home, set_name, sign_up
from yukuai.accounts.actors import holders_of, phone_key, resident_actor
from yukuai.accounts.models import RealNameLevel, Resident, User
from yukuai.accounts.policy import ANYBODY, SYSTEM
from yukuai.accounts.queries import (
    find_resident_by_phone,
    get_me,
    get_resident,
    get_resident_by_phone,
)
from yukuai.accounts.roles import Role
from yukuai.audit.models import AuditEntry
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.scope import EVERYWHERE, scope

PHONE = "19900000417"


@pytest.fixture
def places(db):
    return make_places()


@pytest.fixture
def ran(places):
    user = sign_up(ANYBODY, phone=PHONE, at=NOON)
    return resident_actor(user, holders_of(user))


def reading(actor):
    return scope(actor.areas, actor.holders)


def test_what_is_sealed_is_not_in_the_table(ran):
    set_name(ran, name="冉隆全", at=NOON)
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM accounts_resident r")
        [(row,)] = cursor.fetchall()
    assert PHONE not in row
    assert "冉" not in row


def test_raw_sql_of_another_resident_or_an_officer_finds_nothing(ran):
    others = [
        resident(999, phone_key("19900000520")),
        officer(Role.CITY_OP, "1."),
        officer(Role.COMMUNITY_STAFF, "1.2.12.112."),
    ]
    for other in others:
        with reading(other), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM accounts_resident")
            assert cursor.fetchone() == (0,)
    with reading(ran):
        assert Resident.objects.count() == 1


def test_nobody_writes_a_resident_whose_keys_he_does_not_hold(ran):
    stranger = resident(999, phone_key("19900000520"))
    with reading(stranger):
        assert Resident.objects.update(name="别人") == 0
        assert Resident.objects.all().delete()[0] == 0
    with reading(ran):
        assert Resident.objects.get().name == ""


def test_a_person_reads_what_the_platform_knows_of_him(ran, places):
    set_name(ran, name="冉隆全", at=NOON)
    set_home(ran, division_id=112, at=NOON)
    with reading(ran):
        me = get_me(ran)
    assert (me.phone, me.name, me.level) == (PHONE, "冉隆全", RealNameLevel.NAMED)
    assert (me.home_id, me.home_name, me.home_area) == (112, "南社区", "1.2.12.112.")
    with scope(EVERYWHERE):
        acts = list(AuditEntry.objects.order_by("pk").values_list("act", "area"))
    assert acts == [
        ("resident.sign-up", "1."),
        ("resident.set-name", "1."),
        ("resident.set-home", "1.2.12.112."),
    ]
    with reading(ran):
        assert AuditEntry.objects.count() == 3


def test_the_worker_finds_a_resident_by_telephone_and_by_account(ran):
    with scope(EVERYWHERE):
        assert get_resident_by_phone(SYSTEM, phone=PHONE).user_id == ran.user_id
        assert get_resident(SYSTEM, user_id=ran.user_id).phone == PHONE
        assert find_resident_by_phone(SYSTEM, phone="19900000520") is None
        with pytest.raises(NotFound):
            get_resident_by_phone(SYSTEM, phone="19900000520")


def test_signing_up_twice_finds_the_first_account(ran):
    again = sign_up(ANYBODY, phone=PHONE, at=NOON)
    assert again.pk == ran.user_id
    assert User.objects.count() == 1


def test_a_wrong_telephone_makes_no_account(places):
    with pytest.raises(InvalidInput):
        sign_up(ANYBODY, phone="023-1234", at=NOON)
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["", "冉", "<script>", "冉隆全1"])
def test_a_wrong_name_changes_nothing(ran, name):
    with pytest.raises(InvalidInput):
        set_name(ran, name=name, at=NOON)
    with reading(ran):
        assert get_me(ran).level == RealNameLevel.PHONE


def test_a_proved_name_is_not_changed_by_typing(ran):
    with reading(ran):
        Resident.objects.update(name="冉隆全", level=RealNameLevel.VERIFIED)
    with pytest.raises(Conflict):
        set_name(ran, name="冉大全", at=NOON)
    with reading(ran):
        assert get_me(ran).name == "冉隆全"


@pytest.mark.parametrize("division_id", [1, 2, 12])
def test_home_is_a_community(ran, division_id):
    with pytest.raises(InvalidInput) as refusal:
        set_home(ran, division_id=division_id, at=NOON)
    assert refusal.value.fields == {"home": "请选到村（社区）这一级。"}
    with reading(ran):
        assert get_me(ran).home_id is None


def test_staff_and_visitors_have_nothing_of_a_resident(ran):
    for actor in (officer(Role.CITY_OP, "1."), ANYBODY):
        with pytest.raises(NotFound):
            set_name(actor, name="冉隆全", at=NOON)
        with reading(actor), pytest.raises(NotFound):
            get_me(actor)


def test_two_first_sign_ins_at_once_make_one_account(real_commits):
    make_places()
    made = []

    def run():
        try:
            made.append(sign_up(ANYBODY, phone=PHONE, at=NOON).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert User.objects.count() == 1
