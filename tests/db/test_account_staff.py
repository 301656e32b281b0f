"""Accounts of staff: made, reset, and a look outside one's area."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import IntegrityError

from tests.conftest import NOON
from tests.offices import PASSWORD, make_post, make_staff
from tests.people import officer
from tests.places import make_places
from yukuai.accounts.actions import (
    break_glass,
    create_staff,
    end_glass,
    reset_password,
    reset_second_factor,
)
from yukuai.accounts.actors import current_posts, staff_actor
from yukuai.accounts.models import BreakGlass, User
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import find_open_glass, list_glasses
from yukuai.accounts.roles import Role
from yukuai.audit.models import AuditEntry
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
BOSS = officer(Role.SEC_ADMIN, "1.", user_id=900)
SOUTH = officer(Role.SEC_ADMIN, "1.2.", user_id=901)
NORTH = officer(Role.SEC_ADMIN, "1.11.", user_id=903)
WHY = "居民反映北街同一处积水，要看那边怎么办的"
HOUR = timedelta(hours=1)


@pytest.fixture
def places():
    return make_places()


@pytest.fixture
def town(places):
    """An officer of the southern township, in his post."""
    user = make_staff("jd01", display_name="谭丽华")
    return staff_actor(user, make_post(user, Role.TOWNSHIP_OP, places[12]))


def entries(act):
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(act=act))


def test_a_new_account_comes_with_a_password_that_must_be_changed(places):
    user, password = create_staff(
        BOSS, username=" SQ09 ", display_name="新同事", office_phone="023-000000", at=NOON
    )
    user.refresh_from_db()
    assert (user.username, user.kind, user.password_is_initial) == ("sq09", "staff", True)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}", password)
    assert user.check_password(password)
    [entry] = entries("staff.create")
    assert (entry.target, entry.area) == (f"user:{user.pk}", "1.")
    assert password not in str(entry.details)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "1"}, "username"),
        ({"username": "JD01"}, "username"),
        ({"display_name": " "}, "display_name"),
        ({"display_name": "名" * 41}, "display_name"),
        ({"office_phone": "1" * 31}, "office_phone"),
    ],
)
def test_an_account_that_cannot_be_is_explained(town, values, field):
    wanted = {"username": "sq09", "display_name": "新同事", **values}
    with pytest.raises(InvalidInput) as refusal:
        create_staff(BOSS, **wanted, at=NOON)
    assert set(refusal.value.fields) == {field}
    assert User.objects.count() == 1


def test_only_the_security_administrator_makes_accounts(town):
    with pytest.raises(NotPermitted):
        create_staff(town, username="sq09", display_name="新同事", at=NOON)
    assert not User.objects.filter(username="sq09").exists()


@pytest.mark.parametrize("actor", [BOSS, SOUTH])
def test_a_lost_telephone_is_reset_by_who_governs_all_posts_of_the_person(places, town, actor):
    user = User.objects.get(username="jd01")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    reset_second_factor(actor, user_id=user.pk, reason="手机丢了", at=NOON)
    assert not Authenticator.objects.filter(user=user).exists()
    [entry] = entries("staff.reset-second-factor")
    assert (entry.area, entry.purpose) == ("1.2.12.", "手机丢了")


def test_a_district_does_not_reset_who_has_a_post_elsewhere_too(places, town):
    user = User.objects.get(username="jd01")
    make_post(user, Role.CITY_OP, places[1])
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    for act in (reset_second_factor, reset_password):
        for actor in (SOUTH, NORTH, town):
            with pytest.raises(NotPermitted):
                act(actor, user_id=user.pk, reason="试试", at=NOON)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert Authenticator.objects.filter(user=user).exists()


def test_nobody_resets_himself(places):
    user = make_staff("aq01")
    make_post(user, Role.SEC_ADMIN, places[1])
    myself = officer(Role.SEC_ADMIN, "1.", user_id=user.pk)
    for act in (reset_second_factor, reset_password):
        with pytest.raises(NotPermitted, match="不能重置自己的登录方式"):
            act(myself, user_id=user.pk, reason="忘了", at=NOON)


def test_a_forgotten_password_is_replaced_by_one_for_a_single_sign_in(town):
    user = User.objects.get(username="jd01")
    password = reset_password(BOSS, user_id=user.pk, reason="忘了", at=NOON)
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.password_is_initial is True


def test_a_look_outside_lasts_three_hours_and_only_looks(town, places):
    glass = break_glass(town, division_id=111, reason=WHY, at=NOON)
    user = User.objects.get(username="jd01")

    def now(at):
        return staff_actor(user, current_posts(user, at).get())

    assert now(NOON).paths_for(Permission.CASE_VIEW) == ("1.2.12.", "1.11.111.")
    assert now(NOON).areas == ("1.11.111.", "1.2.12.")
    others = set(Permission) - {Permission.CASE_VIEW}
    assert all("1.11.111." not in now(NOON).paths_for(p) for p in others)
    late = NOON + 3 * HOUR
    assert now(late - timedelta(seconds=1)).areas == ("1.11.111.", "1.2.12.")
    assert now(late).areas == ("1.2.12.",)
    assert find_open_glass(town, at=NOON) == glass
    assert find_open_glass(town, at=late) is None


def test_a_look_outside_is_remembered_where_it_looked(town):
    glass = break_glass(town, division_id=111, reason=WHY, at=NOON)
    [entry] = entries("glass.break")
    assert (entry.area, entry.purpose, entry.user_id) == ("1.11.111.", WHY, town.user_id)
    assert list(list_glasses(NORTH, since=NOON)) == [glass]
    assert list(list_glasses(BOSS, since=NOON)) == [glass]
    assert list(list_glasses(SOUTH, since=NOON)) == []
    with pytest.raises(NotPermitted):
        list_glasses(town, since=NOON)


@pytest.mark.parametrize("division_id", [12, 112])
def test_ones_own_area_needs_no_broken_glass(town, division_id):
    with pytest.raises(Conflict, match="本来就归您看，不用越区"):
        break_glass(town, division_id=division_id, reason=WHY, at=NOON)
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("division_id", [1, 2])
def test_what_contains_ones_own_area_is_too_much(town, division_id):
    with pytest.raises(Conflict, match="范围太大"):
        break_glass(town, division_id=division_id, reason=WHY, at=NOON)
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "请写明理由。"), ("  看一看  ", "理由至少写 10 个字，还差 7 个。")],
)
def test_a_look_outside_needs_a_reason(town, reason, sentence):
    with pytest.raises(InvalidInput) as refusal:
        break_glass(town, division_id=111, reason=reason, at=NOON)
    assert refusal.value.message == sentence
    assert not BreakGlass.objects.exists()


def test_who_may_not_break_glass_is_refused(places):
    clerk = officer(Role.COMMUNITY_STAFF, "1.2.12.112.")
    with pytest.raises(NotPermitted):
        break_glass(clerk, division_id=111, reason=WHY, at=NOON)


def test_a_second_look_at_the_same_place_waits_for_the_end_of_the_first(town):
    break_glass(town, division_id=111, reason=WHY, at=NOON)
    with pytest.raises(Conflict, match="您已经能看这里了"):
        break_glass(town, division_id=111, reason=WHY, at=NOON + HOUR)
    break_glass(town, division_id=111, reason=WHY, at=NOON + 3 * HOUR)
    assert BreakGlass.objects.count() == 2


def test_the_database_knows_no_longer_look_than_three_hours(town, places):
    with pytest.raises(IntegrityError, match="glass_at_most_three_hours"):
        BreakGlass.objects.create(
            user_id=town.user_id,
            post_id=town.post_id,
            division=places[111],
            reason=WHY,
            valid_from=NOON,
            valid_to=NOON + 3 * HOUR + timedelta(seconds=1),
        )


def test_a_look_ends_early_by_who_took_it_or_who_reviews_it(town):
    glass = break_glass(town, division_id=111, reason=WHY, at=NOON)
    for stranger in (SOUTH, replace(town, user_id=77)):
        with pytest.raises(NotPermitted):
            end_glass(stranger, glass_id=glass.pk, at=NOON + HOUR)
    end_glass(town, glass_id=glass.pk, at=NOON + HOUR)
    with pytest.raises(Conflict):
        end_glass(NORTH, glass_id=glass.pk, at=NOON + 2 * HOUR)
    with pytest.raises(NotFound):
        end_glass(town, glass_id=0, at=NOON)
    glass.refresh_from_db()
    assert glass.valid_to == NOON + HOUR
    again = break_glass(town, division_id=111, reason=WHY, at=NOON + HOUR)
    assert end_glass(NORTH, glass_id=again.pk, at=NOON + 2 * HOUR).valid_to == NOON + 2 * HOUR
