"""The people of the demo: synthetic names, one member of staff per role, around one community.

Passwords and TOTP secrets derive from the installation's own key: no two installations share
them, and none of it works outside demo mode.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password

from yukuai.accounts.actions import appoint, create_staff, set_home, set_name, sign_up
from yukuai.accounts.actors import holders_of, resident_actor
from yukuai.accounts.models import Department, Post, Resident, User
from yukuai.accounts.policy import SYSTEM
from yukuai.accounts.roles import ROLES, Role
from yukuai.accounts.signin.second_factor import current_code, secret_from
from yukuai.divisions.queries import resolve_code
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

CITY, DISTRICT = "50", "500103"
TOWNSHIP = "500103011"
COMMUNITY, SECOND_COMMUNITY = "500103011014", "500103011018"
THIRD_COMMUNITY, FOURTH_COMMUNITY = "500103011019", "500103011020"
REASON = "演示数据"
QUARTER = timedelta(days=90)


@dataclass(frozen=True)
class DemoPost:
    role: Role
    code: str
    title: str
    department: str = ""

    @property
    def held_for(self) -> timedelta:
        """A mediator has been in office for a while: quarrels of the past went to him."""
        return QUARTER if self.role == Role.MEDIATOR else timedelta()


@dataclass(frozen=True)
class DemoPerson:
    username: str
    name: str
    posts: tuple[DemoPost, ...]


def _one(
    username: str, name: str, role: Role, code: str, title: str, department: str = ""
) -> DemoPerson:
    return DemoPerson(username, name, (DemoPost(role, code, title, department),))


STAFF = (
    _one("sq01", "周晓岚", Role.COMMUNITY_STAFF, COMMUNITY, "社区专职工作者"),
    _one("sq02", "陈建国", Role.COMMUNITY_STAFF, COMMUNITY, "社区副主任"),
    _one("sq03", "冉小芳", Role.COMMUNITY_STAFF, SECOND_COMMUNITY, "社区专职工作者"),
    _one("wg01", "向阳", Role.GRID_WORKER, COMMUNITY, "专职网格员"),
    _one("xw01", "何素芬", Role.ELECTION_COMMITTEE, SECOND_COMMUNITY, "选举委员会主任"),
    _one("xw02", "蒋素华", Role.ELECTION_COMMITTEE, THIRD_COMMUNITY, "选举委员会主任"),
    _one("jd01", "谭丽华", Role.TOWNSHIP_OP, TOWNSHIP, "基层治理办主任"),
    _one("jd02", "何平", Role.TOWNSHIP_OP, TOWNSHIP, "基层治理办工作人员"),
    _one("zf01", "罗勇", Role.DEPT_OP, TOWNSHIP, "执法队员", "综合行政执法大队"),
    _one("tj01", "邓素琴", Role.MEDIATOR, COMMUNITY, "社区人民调解员"),
    _one("tj02", "汪德明", Role.MEDIATOR, TOWNSHIP, "街道专职人民调解员"),
    _one("sf01", "蒋文静", Role.JUSTICE_OP, TOWNSHIP, "司法所所长"),
    _one("sf02", "龚立新", Role.JUSTICE_OP, DISTRICT, "区司法局基层科"),
    _one("qx01", "胡静", Role.DISTRICT_OP, DISTRICT, "区治理中心值班员"),
    _one("bm01", "杨帆", Role.DEPT_OP, DISTRICT, "市容科工作人员", "区城市管理局"),
    _one("bm02", "卫国强", Role.DEPT_OP, DISTRICT, "政工科工作人员", "区公安分局"),
    _one("sj01", "刘远航", Role.CITY_OP, CITY, "市治理中心值班员"),
    _one("xt01", "田野", Role.SYS_ADMIN, CITY, "系统管理员"),
    _one("aq01", "马明", Role.SEC_ADMIN, CITY, "安全管理员"),
    _one("aq02", "秦岭", Role.SEC_ADMIN, DISTRICT, "区安全管理员"),
    _one("sx01", "石磊", Role.AUDITOR, CITY, "审计管理员"),
    DemoPerson(
        "lg01",
        "彭霞",
        (
            DemoPost(Role.COMMUNITY_STAFF, COMMUNITY, "社区专职工作者"),
            DemoPost(Role.TOWNSHIP_OP, TOWNSHIP, "基层治理办挂职"),
        ),
    ),
)
RESIDENTS = (("19900000417", "冉隆全"), ("19900000520", ""))


@dataclass(frozen=True)
class StaffLogin:
    role: str
    place: str
    name: str
    username: str
    password: str
    code: str


@dataclass(frozen=True)
class ResidentLogin:
    phone: str
    name: str


def seed_people(at: datetime) -> dict[str, User]:
    """Make whoever is missing; running it again changes nothing. By username or telephone."""
    require_demo()
    encoded = make_password(demo_password())
    people = {person.username: _staff(person, encoded, at) for person in STAFF}
    return people | {phone: _resident(phone, name, at) for phone, name in RESIDENTS}


def demo_logins(at: datetime) -> tuple[list[StaffLogin], list[ResidentLogin]]:
    """What one needs to sign in, with the codes of this half minute."""
    require_demo()
    password = demo_password()
    known = set(User.objects.filter(kind=User.Kind.STAFF).values_list("username", flat=True))
    places = _places(known)
    staff = [
        StaffLogin(
            role="、".join(ROLES[post.role].label for post in person.posts),
            place=places.get(person.username, ""),
            name=person.name,
            username=person.username,
            password=password,
            code=current_code(demo_secret(person.username), at),
        )
        for person in STAFF
        if person.username in known
    ]
    return staff, [ResidentLogin(phone, name) for phone, name in RESIDENTS]


def seconds_left(at: datetime) -> int:
    period: int = app_settings.TOTP_PERIOD
    return period - int(at.timestamp()) % period


def demo_password() -> str:
    return f"yk-{keyed_hash('password', purpose='demo')[:8]}"


def demo_secret(username: str) -> str:
    return secret_from(bytes.fromhex(keyed_hash(username, purpose="demo.totp")))


def require_demo() -> None:
    if not settings.DEMO:
        raise NotPermitted("演示账户只在演示模式下使用。")


def _staff(person: DemoPerson, encoded: str, at: datetime) -> User:
    user = User.objects.filter(username=person.username).first()
    if user is None:
        user, _initial = create_staff(
            SYSTEM, username=person.username, display_name=person.name, at=at
        )
    if user.password_is_initial:
        user.password, user.password_is_initial = encoded, False
        user.save(update_fields=["password", "password_is_initial"])
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, demo_secret(person.username))
    for post in person.posts:
        _post(user, post, at - post.held_for)
    return user


def _post(user: User, post: DemoPost, at: datetime) -> None:
    division = resolve_code(SYSTEM, code=post.code).today[0]
    if Post.objects.filter(user=user, role=post.role, division=division, valid_to=None).exists():
        return
    department = None
    if post.department:
        rows = Department.objects.filter(division=division, name=post.department)
        department = rows.values_list("pk", flat=True).get()
    appoint(
        SYSTEM,
        user_id=user.pk,
        role=post.role,
        division_id=division.pk,
        department_id=department,
        title=post.title,
        valid_from=at,
        reason=REASON,
        at=at,
    )


def _resident(phone: str, name: str, at: datetime) -> User:
    user = sign_up(SYSTEM, phone=phone, at=at)
    with scope(EVERYWHERE):
        unknown = name and not Resident.objects.get(user=user).name
    if unknown:
        actor = resident_actor(user, holders_of(user))
        set_name(actor, name=name, at=at)
        home = resolve_code(SYSTEM, code=COMMUNITY).today[0]
        set_home(actor, division_id=home.pk, at=at)
    return user


def _places(usernames: set[str]) -> dict[str, str]:
    rows = Post.objects.filter(user__username__in=usernames, valid_to=None)
    places: dict[str, list[str]] = {}
    for post in rows.select_related("user", "division", "department").order_by("area", "pk"):
        places.setdefault(post.user.username, []).append(post.place)
    return {username: "、".join(names) for username, names in places.items()}
