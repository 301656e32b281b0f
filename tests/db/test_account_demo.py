"""The people of the demo, around one real community; the first administrator of a real one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import NOON
from tests.offices import make_department
from yukuai.accounts.demo import (
    CITY,
    COMMUNITY,
    DISTRICT,
    SECOND_COMMUNITY,
    STAFF,
    THIRD_COMMUNITY,
    TOWNSHIP,
    demo_logins,
    demo_password,
    demo_secret,
    seed_people,
)
from yukuai.accounts.models import Post, Resident, User
from yukuai.accounts.roles import Role, is_post_role
from yukuai.accounts.signin.passwords import password_problem
from yukuai.accounts.signin.second_factor import current_code
from yukuai.divisions.models import CodeScheme, Division, DivisionCode
from yukuai.kernel.errors import NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
DAY = NOON.date()


@pytest.fixture
def tree():
    above = None
    rows = [
        (CITY, "city", "重庆市"),
        (DISTRICT, "district", "渝中区"),
        (TOWNSHIP, "township", "大溪沟街道"),
        (COMMUNITY, "community", "人民村社区"),
    ]
    for number, (code, kind, name) in enumerate(rows, start=1):
        above = _place(number, code, kind, name, above)
    _place(5, SECOND_COMMUNITY, "community", "张家花园社区", above.parent)
    _place(6, THIRD_COMMUNITY, "community", "双钢路社区", above.parent)
    for name in ("区城市管理局", "区公安分局"):
        make_department(Division.objects.get(code=DISTRICT), name)
    make_department(Division.objects.get(code=TOWNSHIP), "综合行政执法大队")


def _place(pk, code, kind, name, parent):
    path = f"{parent.path if parent else ''}{pk}."
    place = Division.objects.create(
        id=pk, parent=parent, kind=kind, name=name, code=code, path=path, valid_from=DAY
    )
    DivisionCode.objects.create(
        division=place, scheme=CodeScheme.STATISTICS, code=code, valid_from=DAY, source="test"
    )
    return place


def test_there_is_a_demo_person_for_every_post_a_person_can_hold(tree):
    people = seed_people(NOON)
    roles = set(Post.objects.values_list("role", flat=True))
    assert roles == {role.value for role in Role if is_post_role(role)}
    assert Post.objects.filter(division__code=COMMUNITY, role=Role.COMMUNITY_STAFF).count() == 3
    assert people["lg01"].posts.count() == 2
    assert people["zf01"].posts.get().department.name == "综合行政执法大队"
    assert people["jd02"].posts.get().department is None
    with scope(EVERYWHERE):
        assert sorted((r.phone, r.name) for r in Resident.objects.all()) == [
            ("19900000417", "冉隆全"),
            ("19900000520", ""),
        ]


def test_seeding_again_changes_nothing(tree):
    seed_people(NOON)
    before = list(User.objects.order_by("pk").values_list("pk", "password", "username"))
    seed_people(NOON)
    assert list(User.objects.order_by("pk").values_list("pk", "password", "username")) == before
    assert Post.objects.count() == sum(len(person.posts) for person in STAFF)


def test_the_list_of_logins_is_true(tree):
    seed_people(NOON)
    staff, residents = demo_logins(NOON)
    assert [login.username for login in staff] == [person.username for person in STAFF]
    by_name = {login.username: login for login in staff}
    assert by_name["bm01"].place == "区城市管理局"
    assert by_name["lg01"].role == "社区干部、乡镇（街道）工作人员"
    for login in staff:
        assert User.objects.get(username=login.username).check_password(login.password)
        assert login.code == current_code(demo_secret(login.username), NOON)
    assert len({login.code for login in staff}) > 1
    assert [person.phone for person in residents] == ["19900000417", "19900000520"]
    assert password_problem(demo_password()) == ""


def test_the_secrets_are_the_installations_own(tree, settings):
    before = demo_password(), demo_secret("sq01")
    settings.HASH_KEY = "11" * 32
    assert demo_password() != before[0]
    assert demo_secret("sq01") != before[1]


def test_outside_demo_mode_there_is_none_of_it(tree, settings):
    settings.DEMO = False
    for act in (seed_people, demo_logins):
        with pytest.raises(NotPermitted):
            act(NOON)
    with pytest.raises(CommandError):
        call_command("demo_logins", stdout=StringIO())
    assert not User.objects.exists()


def test_the_first_administrator_appoints_the_others_and_there_is_only_one_first(tree):
    said = StringIO()
    call_command("first_admin", "aq01", "马明", stdout=said)
    user = User.objects.get()
    assert user.posts.get().role == Role.SEC_ADMIN
    password = said.getvalue().splitlines()[0].rpartition("：")[2]
    assert user.check_password(password)
    with pytest.raises(CommandError, match="已经有安全管理员了"):
        call_command("first_admin", "aq02", "秦岭", stdout=said)
    assert User.objects.count() == 1
