"""Appointing, and ending what was appointed."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from tests.conftest import NOON
from tests.offices import make_department, make_post, make_staff
from tests.people import officer
from tests.places import make_places
from yukuai.accounts.actions import appoint, end_post
from yukuai.accounts.actors import current_posts, staff_actor
from yukuai.accounts.models import Post
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import find_staff_for, get_post, list_posts, list_staff
from yukuai.accounts.roles import Role
from yukuai.audit.models import AuditEntry
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

BOSS = officer(Role.SEC_ADMIN, "1.", user_id=900)
SOUTH = officer(Role.SEC_ADMIN, "1.2.", user_id=901)
TOWN = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=902)
DAY = timedelta(days=1)


@pytest.fixture
def places(db):
    return make_places()


@pytest.fixture
def person(places):
    return make_staff("sq01")


def give(actor=BOSS, **wanted):
    values = {
        "role": "community-staff",
        "division_id": 112,
        "valid_from": NOON,
        "reason": "新到任",
        "at": NOON,
    }
    return appoint(actor, **{**values, **wanted})


def refuse(error, person, actor=BOSS, **wanted):
    before = Post.objects.count()
    with pytest.raises(error) as refusal:
        give(actor, user_id=person.pk, **wanted)
    assert Post.objects.count() == before
    with scope(EVERYWHERE):
        assert not AuditEntry.objects.exists()
    return refusal.value


def test_an_appointment_gives_authority_and_is_remembered(person):
    post = give(user_id=person.pk, title="社区专职工作者")
    [current] = current_posts(person, NOON)
    assert current == post
    assert (post.area, post.family, post.appointed_by) == ("1.2.12.112.", "business", BOSS.label)
    actor = staff_actor(person, current)
    assert actor.paths_for(Permission.CASE_TRIAGE) == ("1.2.12.112.",)
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get()
    assert (entry.act, entry.target, entry.area) == (
        "post.appoint",
        f"post:{post.pk}",
        "1.2.12.112.",
    )
    assert (entry.purpose, entry.details["person"]) == ("新到任", "sq01")


def test_a_post_holds_from_its_first_moment_to_before_its_last(person):
    give(user_id=person.pk, valid_from=NOON + DAY, valid_to=NOON + 2 * DAY)
    second = timedelta(seconds=1)
    held = [
        current_posts(person, at).exists()
        for at in (NOON + DAY - second, NOON + DAY, NOON + 2 * DAY - second, NOON + 2 * DAY)
    ]
    assert held == [False, True, True, False]


def test_nobody_appoints_himself(person):
    myself = officer(Role.SEC_ADMIN, "1.", user_id=person.pk)
    error = refuse(NotPermitted, person, actor=myself)
    assert error.message == "不能给自己任命岗位。请另一位安全管理员来办。"


def test_nobody_appoints_outside_his_area(person):
    error = refuse(NotPermitted, person, actor=SOUTH, division_id=1111)
    assert error.message == "这里不归您的岗位管，不能管理岗位。"


@pytest.mark.parametrize("further", ["search_division_id", "statistics_division_id"])
def test_nobody_lets_others_look_where_he_has_no_say(person, further):
    refuse(NotPermitted, person, actor=SOUTH, **{further: 11})
    post = give(SOUTH, user_id=person.pk, **{further: 2})
    assert {post.search_area, post.statistics_area} == {"1.2.", None}


def test_only_the_security_administrator_appoints(person):
    assert "管理岗位" in refuse(NotPermitted, person, actor=TOWN).message


@pytest.mark.parametrize(
    ("wanted", "field", "sentence"),
    [
        (
            {"role": "township-op"},
            "role",
            "“乡镇（街道）工作人员”只能设在乡镇（街道）一级。请换一个地方。",
        ),
        ({"role": "system"}, "role", "“系统”不是可以任命的岗位。"),
        ({"role": "king"}, "role", "请选一个角色。"),
        (
            {"role": "dept-op", "division_id": 12},
            "department",
            "“部门经办人”要说明是哪个部门。请选部门。",
        ),
        ({"valid_from": NOON - DAY}, "valid_from", "任期不能从过去开始。请填今天或以后的日期。"),
        ({"valid_to": NOON}, "valid_to", "结束要在开始之后。"),
        ({"reason": "  "}, "reason", "请写明理由，以后查得到。"),
    ],
)
def test_what_cannot_be_is_explained_beside_its_field(person, wanted, field, sentence):
    assert refuse(InvalidInput, person, **wanted).fields == {field: sentence}


def test_a_department_must_be_of_the_place_and_open(person, places):
    here = make_department(places[12], "综合行政执法大队")
    there = make_department(places[111], "综合行政执法大队")
    closed = make_department(places[12], "城市管理办", active=False)
    dept = {"role": "dept-op", "division_id": 12}
    for wrong in (there, closed):
        error = refuse(InvalidInput, person, **dept, department_id=wrong.pk)
        assert set(error.fields) == {"department"}
    refuse(InvalidInput, person, division_id=112, department_id=here.pk)
    assert give(user_id=person.pk, **dept, department_id=here.pk).department == here


def test_an_abolished_place_gets_no_posts(person, places):
    places[112].valid_to = NOON.date()
    places[112].save()
    assert refuse(InvalidInput, person).message == "南社区已经撤销。请选接替它的地方。"


def test_three_administrators_stay_apart_and_the_refusal_says_why(person, places):
    make_post(person, Role.COMMUNITY_STAFF, places[112])
    error = refuse(Conflict, person, role="auditor", division_id=1)
    assert error.message == (
        "这个人在这段时间是南社区的社区干部。"
        "系统、安全、审计三类管理员互相不能兼任，也不能兼任业务岗位。"
        "请先结束原来的岗位，或换一个人。"
    )


def test_the_database_keeps_the_administrators_apart_even_without_the_action(person, places):
    make_post(person, Role.COMMUNITY_STAFF, places[112])
    with pytest.raises(IntegrityError, match="post_families_apart"):
        make_post(person, Role.AUDITOR, places[1])


def test_the_database_knows_no_posts_of_other_roles(person, places):
    with pytest.raises(IntegrityError, match="post_role_known"):
        make_post(person, Role.SYSTEM, places[1])


def test_several_business_posts_are_one_persons_right_but_none_twice(person, places):
    make_post(person, Role.COMMUNITY_STAFF, places[112])
    give(user_id=person.pk, role="township-op", division_id=12)
    with pytest.raises(Conflict, match="已经有这个岗位了"):
        give(user_id=person.pk)
    assert Post.objects.filter(user=person).count() == 2


def test_residents_and_closed_accounts_get_no_posts(person):
    person.is_active = False
    person.save()
    refuse(Conflict, person)
    person.is_active, person.kind = True, "resident"
    person.save()
    refuse(NotFound, person)


def test_ending_a_post_ends_authority_that_moment(person, places):
    post = make_post(person, Role.COMMUNITY_STAFF, places[112])
    ended = end_post(SOUTH, post_id=post.pk, reason="调往区里", at=NOON)
    assert (ended.valid_to, ended.ended_reason) == (NOON, "调往区里")
    assert not current_posts(person, NOON).exists()
    with pytest.raises(Conflict, match="已经结束"):
        end_post(SOUTH, post_id=post.pk, reason="再来一次", at=NOON)


def test_a_post_that_has_not_begun_is_called_off(person):
    post = give(user_id=person.pk, valid_from=NOON + DAY)
    ended = end_post(BOSS, post_id=post.pk, reason="不来了", at=NOON)
    assert ended.valid_to == NOON + DAY
    assert not current_posts(person, NOON + 2 * DAY).exists()


def test_a_post_outside_the_area_does_not_exist_for_the_administrator(person, places):
    post = make_post(person, Role.COMMUNITY_STAFF, places[1111])
    with pytest.raises(NotFound):
        end_post(SOUTH, post_id=post.pk, reason="越权", at=NOON)
    with pytest.raises(NotFound):
        get_post(SOUTH, post_id=post.pk)
    with pytest.raises(NotPermitted):
        get_post(TOWN, post_id=post.pk)
    post.refresh_from_db()
    assert post.valid_to is None


def test_lists_show_the_administrators_area_and_people_without_a_post(places):
    south, north = make_staff("sq01"), make_staff("sq02", display_name="李大年")
    new = make_staff("sq03", display_name="新同事")
    mine = make_post(south, Role.COMMUNITY_STAFF, places[112])
    ended = make_post(south, Role.TOWNSHIP_OP, places[12], until=NOON - DAY)
    make_post(north, Role.COMMUNITY_STAFF, places[1111])
    assert list(list_posts(SOUTH)) == [ended, mine]
    assert list(list_posts(SOUTH, at=NOON)) == [mine]
    assert list(list_posts(BOSS, text="李")) == list(north.posts.all())
    people = list(list_staff(SOUTH, at=NOON))
    assert people == [south, new]
    assert [p.current_posts for p in people] == [[mine], []]
    assert [p.has_second_factor for p in people] == [False, False]
    assert list(list_staff(BOSS, text="新", at=NOON)) == [new]


def test_who_to_notify_is_exact_about_the_unit(places):
    squad = make_department(places[12], "综合行政执法大队")
    town, other, gone, ended = (make_staff(f"jd0{n}") for n in range(1, 5))
    worker = make_staff("zf01")
    make_post(town, Role.TOWNSHIP_OP, places[12])
    make_post(other, Role.TOWNSHIP_OP, places[111])
    make_post(gone, Role.TOWNSHIP_OP, places[12])
    gone.is_active = False
    gone.save()
    make_post(ended, Role.TOWNSHIP_OP, places[12], until=NOON)
    make_post(worker, Role.DEPT_OP, places[12], department=squad)

    def ask(permission, department=None):
        return find_staff_for(
            BOSS, division_id=12, department_id=department, permission=permission, at=NOON
        )

    assert ask(Permission.CASE_HANDLE) == [town.pk]
    assert ask(Permission.CASE_HANDLE, squad.pk) == [worker.pk]
    assert ask(Permission.CASE_DISPATCH, squad.pk) == []
    assert ask(Permission.POST_MANAGE) == []


def test_two_administrators_at_once_do_not_make_one_person_two_families(real_commits):
    make_places()
    person = make_staff("sq01")
    refused = []

    def run(role):
        try:
            give(user_id=person.pk, role=role, division_id=1)
        except Conflict as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[role]) for role in ("auditor", "sys-admin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Post.objects.filter(user=person).count() == 1
