"""Staff sign in with number and password, then a second factor; what they do then about it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.test import Client

from tests.conftest import NOON
from tests.offices import PASSWORD, make_department, make_post, make_staff
from tests.people import officer
from tests.places import make_places
from yukuai.accounts.actions import break_glass, end_post, reset_password, reset_second_factor
from yukuai.accounts.roles import Role
from yukuai.accounts.signin.second_factor import current_code, find_recovery_codes
from yukuai.audit.models import AuditEntry
from yukuai.kernel import clock as kernel_clock
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.signin_site")]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "other-mule-8"
BOSS = officer(Role.SEC_ADMIN, "1.", user_id=900)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def places():
    return make_places()


@pytest.fixture
def worker(places):
    user = make_staff("sq01")
    make_post(user, Role.COMMUNITY_STAFF, places[112])
    TOTP.activate(user, SECRET)
    return user


def submit(client, username="sq01", password=PASSWORD, **more):
    return client.post("/work/signin/", {"username": username, "password": password, **more})


def code_now():
    return current_code(SECRET, kernel_clock.now())


def confirm(client, code=None):
    return client.post("/work/signin/code/", {"code": code or code_now()})


def sign_in(client, username="sq01"):
    submit(client, username)
    return confirm(client)


def words(response):
    return response.content.decode()


def acts():
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


def test_two_steps_lead_in(client, worker):
    assert submit(client).headers["Location"] == "/work/signin/code/"
    assert client.get("/work/").status_code == 302
    assert confirm(client).headers["Location"] == "/work/"
    assert words(client.get("/work/")) == "王小满，南社区|1.2.12.112."
    assert acts() == ["staff.sign-in"]


def test_the_number_may_be_typed_in_capitals_and_with_blanks(client, worker):
    assert submit(client, " SQ01 ").headers["Location"] == "/work/signin/code/"


def test_an_unknown_number_and_a_wrong_password_get_the_same_answer(client, worker):
    answers = [submit(client, "sq01", "wrong"), submit(client, "nobody", "wrong")]
    for response in answers:
        assert response.status_code == 422
        assert "工号或密码不对。请核对后再输。" in words(response)
        assert response.context["form"]["password"].value() == "wrong"
        assert "wrong" not in words(response)
    assert acts() == ["staff.failed-sign-in"] * 2


def test_what_was_typed_as_a_number_is_kept_but_not_in_the_log(client, worker):
    response = submit(client, "my-secret-password", "x")
    assert 'value="my-secret-password"' in words(response)
    with scope(EVERYWHERE):
        assert AuditEntry.objects.get().details["person"] == ""


def test_the_password_alone_opens_nothing(client, worker):
    submit(client)
    assert client.get("/work/").headers["Location"] == "/work/signin/?next=/work/"


def test_the_second_step_cannot_be_taken_first(client, worker):
    assert confirm(client).headers["Location"] == "/work/signin/"
    assert client.get("/work/").status_code == 302


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(client, worker, clock):
    for _ in range(5):
        assert submit(client, password="wrong").status_code == 422
    response = submit(client)
    assert response.status_code == 429
    assert "错了 5 次，先锁 15 分钟。15 分钟后再登录；着急请找安全管理员。" in words(response)
    clock.shift(timedelta(minutes=14, seconds=59))
    assert submit(Client()).status_code == 429
    clock.shift(timedelta(seconds=2))
    assert submit(client).status_code == 302


def test_one_locked_account_leaves_the_others_open(client, worker, places):
    make_post(make_staff("sq02"), Role.COMMUNITY_STAFF, places[112])
    for _ in range(6):
        submit(client, password="wrong")
    assert submit(client, "sq02").status_code == 302


def test_twenty_failures_from_one_address_close_it_for_all_accounts(client, worker):
    for number in range(20):
        submit(client, f"guess{number}", "wrong")
    assert submit(client).status_code == 429


def test_right_passwords_do_not_count_as_failures(client, worker):
    for _ in range(6):
        assert submit(client).status_code == 302


def test_five_wrong_codes_lock_and_the_right_one_no_longer_helps(client, worker, clock):
    submit(client)
    bad = f"{(int(code_now()) + 1) % 1_000_000:06d}"
    for _ in range(5):
        response = confirm(client, bad)
        assert response.status_code == 422
        assert "数字不对。" in words(response)
    response = confirm(client)
    assert response.status_code == 429
    assert client.get("/work/").status_code == 302
    clock.shift(timedelta(minutes=15))
    submit(client)
    assert confirm(client).status_code == 302


def test_a_code_is_good_for_one_sign_in(client, worker, clock):
    code = code_now()
    sign_in(client)
    clock.shift(timedelta(seconds=31))
    other = Client()
    submit(other)
    assert confirm(other, code).status_code == 422
    assert confirm(other).status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_a_code_of_the_wrong_shape_is_explained_and_counts_for_nothing(client, worker, typed):
    submit(client)
    for _ in range(6):
        assert client.post("/work/signin/code/", {"code": typed}).status_code == 422
    assert confirm(client).status_code == 302


def test_a_recovery_code_opens_once(client, places, worker):
    RecoveryCodes.activate(worker)
    code = find_recovery_codes(worker)[3]
    submit(client)
    assert confirm(client, f"{code[:4]} {code[4:]}").headers["Location"] == "/work/"
    other = Client()
    submit(other)
    assert confirm(other, code).status_code == 422


def test_the_first_sign_in_sets_up_the_telephone_and_shows_recovery_codes_once(client, places):
    user = make_staff("sq09", password_is_initial=True)
    make_post(user, Role.COMMUNITY_STAFF, places[112])
    assert submit(client, "sq09").headers["Location"] == "/work/signin/setup/"
    page = client.get("/work/signin/setup/")
    assert 'src="data:image/svg+xml' in words(page)
    secret = page.context["secret"].replace(" ", "")
    assert client.get("/work/signin/setup/").context["secret"].replace(" ", "") == secret
    assert secret not in str(dict(client.session.items()))
    wrong = client.post("/work/signin/setup/", {"code": "000000"})
    assert wrong.status_code == 422
    assert not Authenticator.objects.exists()
    code = current_code(secret, NOON)
    step = client.post("/work/signin/setup/", {"code": code})
    assert step.headers["Location"] == "/work/signin/password/"
    assert client.get("/work/").status_code == 302
    step = client.post("/work/signin/password/", {"new": NEW, "again": NEW})
    assert step.headers["Location"] == "/work/me/recovery-codes/"
    shown = client.get("/work/me/recovery-codes/").context["codes"]
    assert len(shown) == 10
    client.post("/work/me/recovery-codes/")
    assert client.get("/work/me/recovery-codes/").headers["Location"] == "/work/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.password_is_initial is False
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    assert acts() == ["staff.set-up-second-factor", "staff.choose-password", "staff.sign-in"]


def test_who_has_a_second_factor_cannot_set_up_another_by_knowing_the_password(client, worker):
    submit(client)
    assert client.get("/work/signin/setup/").headers["Location"] == "/work/signin/"
    client.post("/work/signin/setup/", {"code": code_now()})
    assert Authenticator.objects.filter(user=worker, type="totp").count() == 1
    assert TOTP(Authenticator.objects.get()).validate_code(code_now())


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("short-1", "还差 3 位。密码至少 10 位。"),
        ("onlyletters", "只用了一种字符。字母、数字、符号里至少用两种。"),
        ("sq01-is-mine", "密码里有您的工号。请换一个。"),
        ("a1a1a1a1a1a1", "重复的字符太多。请换一个。"),
        (PASSWORD, "和原来的密码一样。请换一个。"),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(client, worker, new, sentence):
    sign_in(client)
    typed = {"current": PASSWORD, "new": new, "again": new}
    response = client.post("/work/me/password/", typed)
    assert response.status_code == 422
    assert sentence in words(response)
    worker.refresh_from_db()
    assert worker.check_password(PASSWORD)


def test_changing_the_password_ends_the_other_sessions_only(client, worker, clock):
    sign_in(client)
    other = Client()
    clock.shift(timedelta(seconds=31))
    sign_in(other)
    typed = {"current": PASSWORD, "new": NEW, "again": NEW}
    assert client.post("/work/me/password/", typed).headers["Location"] == "/work/"
    assert client.get("/work/").status_code == 200
    assert other.get("/work/").status_code == 302
    worker.refresh_from_db()
    assert worker.check_password(NEW)


def test_guessing_the_present_password_is_limited(client, worker):
    sign_in(client)
    typed = {"current": "guess", "new": NEW, "again": NEW}
    for _ in range(5):
        assert "现在的密码不对。" in words(client.post("/work/me/password/", typed))
    response = client.post("/work/me/password/", typed | {"current": PASSWORD})
    assert response.status_code == 429
    worker.refresh_from_db()
    assert worker.check_password(PASSWORD)


def test_who_has_no_post_is_told_so_and_stays_outside(client, places):
    user = make_staff("sq08")
    make_post(user, Role.COMMUNITY_STAFF, places[112], until=NOON - timedelta(days=1))
    TOTP.activate(user, SECRET)
    assert submit(client, "sq08").headers["Location"] == "/work/signin/no-post/"
    page = client.get("/work/signin/no-post/")
    assert page.status_code == 403
    assert "现在没有岗位" in words(page)
    assert client.get("/work/").status_code == 302
    assert confirm(client).headers["Location"] == "/work/signin/"


def test_the_moment_a_post_ends_its_session_is_over(client, worker, clock):
    sign_in(client)
    clock.shift(timedelta(minutes=5))
    assert client.get("/work/").status_code == 200
    key = client.session.session_key
    end_post(BOSS, post_id=worker.posts.get().pk, reason="调走了", at=kernel_clock.now())
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/work/").headers["Location"] == "/work/signin/?next=/work/"


def test_a_post_that_runs_out_ends_the_session_with_a_reason(client, worker, clock):
    worker.posts.update(valid_to=NOON + timedelta(minutes=30))
    sign_in(client)
    clock.shift(timedelta(minutes=29, seconds=59))
    assert client.get("/work/").status_code == 200
    clock.shift(timedelta(seconds=1))
    assert client.get("/work/").headers["Location"] == "/work/signin/?ended=1"
    assert "您在这个岗位的任期已结束，已为您退出。" in words(client.get("/work/signin/?ended=1"))


@pytest.mark.parametrize("reset", [reset_password, reset_second_factor])
def test_resetting_how_somebody_signs_in_ends_his_sessions(client, worker, reset):
    sign_in(client)
    reset(BOSS, user_id=worker.pk, reason="手机丢了", at=NOON)
    assert client.get("/work/").status_code == 302


def test_a_password_handed_out_is_changed_before_it_opens_anything(client, worker):
    password = reset_password(BOSS, user_id=worker.pk, reason="忘了", at=NOON)
    assert submit(client).status_code == 422
    submit(client, password=password)
    assert confirm(client).headers["Location"] == "/work/signin/password/"
    same = client.post("/work/signin/password/", {"new": password, "again": password})
    assert same.status_code == 422
    uneven = client.post("/work/signin/password/", {"new": NEW, "again": NEW + "x"})
    assert "两遍不一样。请再输一遍。" in words(uneven)
    assert client.get("/work/").status_code == 302
    step = client.post("/work/signin/password/", {"new": NEW, "again": NEW})
    assert step.headers["Location"] == "/work/"
    assert client.get("/work/").status_code == 200


def test_ending_one_post_leaves_the_session_in_the_other(client, worker, places):
    other = make_post(worker, Role.TOWNSHIP_OP, places[12])
    sign_in(client)
    assert client.session["post_id"] == other.pk
    first = worker.posts.get(role=Role.COMMUNITY_STAFF)
    end_post(BOSS, post_id=first.pk, reason="不再兼任", at=NOON)
    assert client.get("/work/").status_code == 200


def test_switching_the_post_changes_what_one_sees_and_is_remembered(client, worker, places):
    second = make_post(worker, Role.TOWNSHIP_OP, places[12])
    sign_in(client)
    assert words(client.get("/work/")) == "王小满，南街|1.2.12."
    first = worker.posts.exclude(pk=second.pk).get()
    assert client.post("/work/post/", {"post": first.pk}).headers["Location"] == "/work/"
    assert words(client.get("/work/")) == "王小满，南社区|1.2.12.112."
    assert acts()[-1] == "staff.switch-post"


def test_nobody_switches_to_a_post_that_is_not_his_or_has_ended(client, worker, places):
    theirs = make_post(make_staff("jd01"), Role.TOWNSHIP_OP, places[12])
    ended = make_post(worker, Role.TOWNSHIP_OP, places[12], until=NOON - timedelta(days=1))
    sign_in(client)
    before = client.session["post_id"]
    for wanted in (theirs.pk, ended.pk, "0", "x", "", "9" * 40, "１"):
        response = client.post(
            "/work/post/", {"post": wanted}, headers={"Accept": "application/json"}
        )
        assert response.status_code == 404
    assert client.session["post_id"] == before
    assert "staff.switch-post" not in acts()


def test_two_hours_without_doing_anything_end_the_session(client, worker, clock):
    sign_in(client)
    for _ in range(3):
        clock.shift(timedelta(minutes=119))
        assert client.get("/work/").status_code == 200
    clock.shift(timedelta(minutes=120))
    assert client.get("/work/").headers["Location"] == "/work/signin/?idle=1"
    assert "您超过 2 小时没有操作" in words(client.get("/work/signin/?idle=1"))
    assert client.get("/work/").headers["Location"] == "/work/signin/?next=/work/"


def test_twelve_hours_end_even_a_busy_session(client, worker, clock):
    sign_in(client)
    for _ in range(11):
        clock.shift(timedelta(hours=1))
        assert client.get("/work/").status_code == 200
    clock.shift(timedelta(minutes=59))
    assert client.get("/work/").status_code == 200
    clock.shift(timedelta(minutes=1))
    assert client.get("/work/").status_code == 302
    assert client.get("/work/").headers["Location"].startswith("/work/signin/")


def test_a_page_that_swaps_parts_is_led_to_the_sign_in_as_a_whole(client, worker):
    response = client.get(
        "/work/posts/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/work/?late=1"},
    )
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/work/signin/?next=/work/%3Flate%3D1"


def test_a_broken_glass_widens_what_the_session_sees_for_three_hours(client, places, clock):
    user = make_staff("jd01")
    post = make_post(user, Role.TOWNSHIP_OP, places[12])
    TOTP.activate(user, SECRET)
    sign_in(client, "jd01")
    me = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=user.pk)
    actor = replace(me, post_id=post.pk)
    break_glass(actor, division_id=111, reason="居民跨街道反映同一处积水", at=NOON)
    assert words(client.get("/work/")) == "王小满，南街|1.11.111.,1.2.12."
    for _ in range(2):
        clock.shift(timedelta(minutes=89))
        assert "1.11.111." in words(client.get("/work/"))
    clock.shift(timedelta(minutes=2))
    assert words(client.get("/work/")) == "王小满，南街|1.2.12."


def test_an_officer_of_a_department_acts_for_it(client, places):
    user = make_staff("bm01")
    make_post(user, Role.DEPT_OP, places[2], department=make_department(places[2], "区城市管理局"))
    TOTP.activate(user, SECRET)
    sign_in(client, "bm01")
    assert words(client.get("/work/")) == "王小满，区城市管理局|1.2."


def test_signing_out_is_a_post_and_is_remembered(client, worker):
    sign_in(client)
    assert client.get("/work/signout/").status_code == 405
    assert client.get("/work/").status_code == 200
    assert client.post("/work/signout/").headers["Location"] == "/work/signin/"
    assert client.get("/work/").status_code == 302
    assert acts() == ["staff.sign-in", "staff.sign-out"]


def test_a_closed_account_is_refused_after_the_right_password_only(client, worker):
    worker.is_active = False
    worker.save()
    assert "工号或密码不对" in words(submit(client, password="wrong"))
    assert submit(client).headers["Location"] == "/work/signin/?closed=1"
    assert client.get("/work/").status_code == 302


def test_a_member_of_staff_is_no_resident(client, worker):
    sign_in(client)
    assert client.get("/me/").headers["Location"] == "/signin/?next=/me/"
