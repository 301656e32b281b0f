"""岗位 and 人员: the security administrator appoints, ends, and lets people in again."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from tests.conftest import NOON
from tests.offices import make_department, make_post, make_staff
from tests.web.admin_offices import acts, at_noon, places, window, words
from tests.web.desks import at_most
from yukuai.accounts.models import Post, User
from yukuai.accounts.roles import Role

__all__ = ["at_noon", "places", "window"]
pytestmark = pytest.mark.django_db
LIST, ENDED, NEW, TERM = (
    "/work/posts/",
    "/work/posts/ended/",
    "/work/posts/new/",
    "/work/posts/new/term/",
)
PEOPLE = "/work/posts/staff/"


@pytest.fixture
def security(window):
    return window("security")


@pytest.fixture
def newcomer(places):
    return make_staff("sq09", display_name="何平")


@pytest.fixture
def worker(places):
    user = make_staff("sq01", display_name="周晓岚")
    post = make_post(user, Role.COMMUNITY_STAFF, places[112], title="社区专职工作者")
    return user, post


def step(person, role, division):
    return {"user": person.pk, "role": role, "division": division}


def appoint(client, person, role="community-staff", division=112, **said):
    query = "&".join(f"{k}={v}" for k, v in step(person, role, division).items())
    typed = {"valid_from": "2026-03-02", "title": "", "reason": "新进人员", **said}
    return client.post(f"{TERM}?{query}", typed)


def test_the_list_says_who_holds_what_where_since_when(security, worker):
    shown = words(security.get(LIST))
    for word in ("周晓岚", "sq01", "社区干部", "社区专职工作者", "南社区", "1月31日 起"):
        assert word in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=周晓", True),
        ("q=SQ01", True),
        ("q=陈", False),
        ("place=南社区", True),
        ("place=北社区", False),
        ("division=2", True),
        ("division=11", False),
        ("role=community-staff", True),
        ("role=grid-worker", False),
    ],
)
def test_the_list_narrows_by_person_role_and_place(security, worker, query, found):
    rows = security.get(f"{LIST}?{query}").context["page"].rows
    assert (worker[1] in rows) is found


def test_a_district_sees_only_its_own_posts(window, places, worker):
    north = make_post(make_staff("sq02"), Role.COMMUNITY_STAFF, places[1111])
    rows = window("security-south").get(LIST).context["page"].rows
    assert worker[1] in rows
    assert north not in rows


def test_the_list_is_paged_behind_the_last_row(security, places):
    for n in range(60):
        make_post(make_staff(f"wg{n:02}"), Role.GRID_WORKER, places[112])
    first = security.get(LIST)
    second = security.get(LIST + first.context["page"].next_url)
    assert len(first.context["page"].rows) == 50
    seen = [*first.context["page"].rows, *second.context["page"].rows]
    assert len(set(seen)) == len(seen) == 61
    assert second.context["page"].next_url == ""
    assert "共 61 个" in words(first)


@pytest.mark.parametrize("key", ["x", "1~2~x", "~~", "1.~role~9" + "9" * 30, "%00~a~1"])
def test_a_key_that_makes_no_sense_is_the_first_page(security, worker, key):
    assert worker[1] in security.get(f"{LIST}?after={key}").context["page"].rows


def test_step_one_leads_to_the_term_when_all_is_known(security, newcomer):
    asked = {"go": "1", "who": "sq09", "role": "community-staff", "place": "南社区"}
    response = security.get(NEW, asked)
    assert response.status_code == 302
    query = f"user={newcomer.pk}&role=community-staff&division=112"
    assert response.headers["Location"] == f"{TERM}?{query}"


def test_step_one_says_what_is_missing_and_keeps_what_was_chosen(security, newcomer):
    shown = words(security.get(NEW, {"go": "1", "who": "sq09", "place": "社区"}))
    assert "请找到任职的地方" in shown
    assert "请选一个角色" in shown
    assert "有 3 个地方，选一个" in shown
    assert "何平（sq09）" in shown


def test_step_one_refuses_a_role_at_the_wrong_level(security, newcomer):
    asked = {"go": "1", "user": newcomer.pk, "role": "community-staff", "division": 12}
    assert "只能设在村（社区）一级" in words(security.get(NEW, asked))


def test_appointing_gives_the_post_and_leaves_an_entry(security, newcomer):
    response = appoint(security, newcomer, title="专职", valid_to="2026-12-31")
    assert response.headers["Location"] == f"{PEOPLE}{newcomer.pk}/"
    post = Post.objects.get(user=newcomer)
    assert (post.role, post.division_id, post.title) == ("community-staff", 112, "专职")
    assert post.valid_from == NOON
    assert post.valid_to.isoformat() == "2026-12-31T16:00:00+00:00"
    assert [e.purpose for e in acts("post.appoint")] == ["新进人员"]


def test_a_department_role_asks_for_one_of_that_place(security, newcomer, places):
    here, elsewhere = make_department(places[12]), make_department(places[111], "北街城管")
    form = security.get(TERM, step(newcomer, "dept-op", 12)).context["form"]
    assert [value for value, _ in form.fields["department"].choices] == ["", str(here.pk)]
    refused = appoint(security, newcomer, "dept-op", 12, department=elsewhere.pk)
    assert refused.status_code == 422
    assert not Post.objects.filter(user=newcomer).exists()
    appoint(security, newcomer, "dept-op", 12, department=here.pk)
    assert Post.objects.get(user=newcomer).department == here


def test_a_wider_sight_is_offered_up_to_the_administrators_own_area(window, newcomer):
    south = window("security-south")
    form = south.get(TERM, step(newcomer, "community-staff", 112)).context["form"]
    assert [value for value, _ in form.fields["search"].choices] == ["", "12", "2"]
    appoint(south, newcomer, search="12", statistics="2")
    post = Post.objects.get(user=newcomer)
    assert (post.search_id, post.statistics_id) == (12, 2)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " "}, "请写明理由"),
        ({"valid_from": "2026-02-01"}, "任期不能从过去开始"),
        ({"valid_to": "2026-02-01"}, "结束要在开始之后"),
        ({"valid_from": "9999-12-31"}, "请填日期"),
        ({"valid_from": "那天"}, "请填日期"),
        ({"title": "长" * 41}, "职务最多 40 个字"),
        ({"search": "11"}, "选一个"),
    ],
)
def test_a_refused_appointment_keeps_what_was_typed(security, newcomer, said, sentence):
    response = appoint(security, newcomer, **{"title": "窗口", **said})
    assert response.status_code == 422
    assert sentence in words(response)
    assert said.get("title", "窗口") in words(response)
    assert not Post.objects.filter(user=newcomer).exists()
    assert acts("post.appoint") == []


def test_three_administrators_stay_apart(security, worker):
    user, _post = worker
    response = appoint(security, user, "auditor", 1)
    assert response.status_code == 409
    assert "不能兼任" in words(response)
    assert Post.objects.filter(user=user).count() == 1


def test_nobody_appoints_himself(security):
    response = appoint(security, security.user, "sec-admin", 2)
    assert response.status_code == 403
    assert "不能给自己任命岗位" in words(response)
    assert Post.objects.filter(user=security.user).count() == 1


def test_a_place_outside_the_area_is_led_back_to_step_one(window, newcomer):
    response = appoint(window("security-south"), newcomer, division=1111)
    assert response.headers["Location"].startswith(NEW)
    assert not Post.objects.filter(user=newcomer).exists()


def test_ending_asks_first_then_signs_out_at_once(security, worker):
    user, post = worker
    at_work = Client()
    at_work.force_login(user)
    assert at_work.get("/work/me/").status_code == 200
    asked = words(security.get(f"{LIST}{post.pk}/end/"))
    assert "结束后当场退出登录" in asked
    assert "南社区的社区干部" in asked
    response = security.post(f"{LIST}{post.pk}/end/", {"reason": "调走了"})
    assert response.status_code == 302
    post.refresh_from_db()
    assert (post.valid_to, post.ended_reason) == (NOON, "调走了")
    assert at_work.get("/work/me/").headers["Location"].startswith("/work/signin/")
    shown = words(security.get(ENDED))
    assert "调走了" in shown
    assert post not in security.get(LIST).context["page"].rows


def test_ending_without_a_reason_ends_nothing(security, worker):
    _user, post = worker
    response = security.post(f"{LIST}{post.pk}/end/", {"reason": " "})
    assert response.status_code == 422
    assert "请写明理由" in words(response)
    post.refresh_from_db()
    assert post.valid_to is None


def test_ending_twice_says_that_it_is_over(security, worker):
    _user, post = worker
    security.post(f"{LIST}{post.pk}/end/", {"reason": "调走了"})
    again = security.post(f"{LIST}{post.pk}/end/", {"reason": "再来一次"})
    assert again.status_code == 409
    assert "已经结束了" in words(again)
    assert len(acts("post.end")) == 1


@pytest.mark.parametrize("number", [0, 10**30])
def test_a_post_elsewhere_or_nowhere_does_not_exist(window, places, number):
    post = make_post(make_staff("sq02"), Role.COMMUNITY_STAFF, places[1111])
    south = window("security-south")
    address = f"{LIST}{number or post.pk}/end/"
    assert south.get(address).status_code == 404
    assert south.post(address, {"reason": "不归我"}).status_code == 404
    post.refresh_from_db()
    assert post.valid_to is None


def test_a_new_member_gets_a_password_that_is_shown_once_and_kept_nowhere(security):
    typed = {"username": "SQ77", "display_name": "谭丽华", "office_phone": ""}
    response = security.post(f"{PEOPLE}new/", typed)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    user = User.objects.get(username="sq77")
    password = response.context["password"]
    assert password in words(response)
    assert user.check_password(password)
    assert user.password_is_initial
    assert password not in words(security.get(f"{PEOPLE}{user.pk}/"))
    assert "还没有岗位" in words(security.get(f"{PEOPLE}?q=谭"))


@pytest.mark.parametrize(
    ("username", "sentence"), [("sq01", "已经有人用了"), ("9", "以字母开头"), ("", "请填工号")]
)
def test_a_bad_number_makes_nobody_and_keeps_the_name(security, worker, username, sentence):
    before = User.objects.count()
    typed = {"username": username, "display_name": "谭丽华", "office_phone": ""}
    response = security.post(f"{PEOPLE}new/", typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert "谭丽华" in words(response)
    assert User.objects.count() == before


def test_resetting_the_second_factor_asks_first_and_takes_it(security, worker):
    user, _post = worker
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    address = f"{PEOPLE}{user.pk}/second-factor/"
    assert "马上作废" in words(security.get(address))
    assert Authenticator.objects.filter(user=user).exists()
    security.post(address, {"reason": "手机丢了"})
    assert not Authenticator.objects.filter(user=user).exists()
    assert [e.purpose for e in acts("staff.reset-second-factor")] == ["手机丢了"]


def test_a_reset_password_is_shown_once(security, worker):
    user, _post = worker
    response = security.post(f"{PEOPLE}{user.pk}/password/", {"reason": "忘了"})
    assert "no-store" in response.headers["Cache-Control"]
    user.refresh_from_db()
    assert user.check_password(response.context["password"])


@pytest.mark.parametrize("act", ["second-factor", "password"])
def test_nobody_resets_his_own_way_in(security, act):
    TOTP.activate(security.user, "JBSWY3DPEHPK3PXP")
    before = security.user.password
    response = security.post(f"{PEOPLE}{security.user.pk}/{act}/", {"reason": "试试"})
    assert response.status_code == 403
    assert Authenticator.objects.filter(user=security.user).exists()
    security.user.refresh_from_db()
    assert security.user.password == before
    assert "不能：不能重置自己的登录方式" in words(security.get(f"{PEOPLE}{security.user.pk}/"))


def test_a_member_elsewhere_does_not_exist(window, places):
    other = make_staff("sq02")
    make_post(other, Role.COMMUNITY_STAFF, places[1111])
    south = window("security-south")
    for path in ("", "second-factor/", "password/"):
        assert south.get(f"{PEOPLE}{other.pk}/{path}").status_code == 404


def test_a_post_to_come_and_one_that_ended_are_told_apart(security, places, newcomer):
    make_post(newcomer, Role.GRID_WORKER, places[112], until=NOON - timedelta(days=1))
    appoint(security, newcomer, valid_from="2026-04-01")
    shown = words(security.get(f"{PEOPLE}{newcomer.pk}/"))
    assert "还没开始" in shown
    assert "已结束" in shown


@pytest.mark.parametrize("page", [LIST, ENDED, PEOPLE, f"{PEOPLE}new/", f"{NEW}?go=1&place=社区"])
def test_a_page_costs_the_same_for_many_rows(security, places, page):
    for n in range(30):
        user = make_staff(f"wg{n:02}")
        make_post(user, Role.GRID_WORKER, places[112], until=NOON if page == ENDED else None)
    security.get(page)
    with at_most(15):
        security.get(page)


def test_the_page_of_a_person_costs_little(security, worker):
    for path in ("", "second-factor/", "password/"):
        with at_most(15):
            security.get(f"{PEOPLE}{worker[0].pk}/{path}")
    with at_most(15):
        security.get(f"{LIST}{worker[1].pk}/end/")
    with at_most(15):
        security.get(TERM, step(worker[0], "dept-op", 12))
