"""What stands around every page of the workbench: the nav with its counts, the bar, the glass.

A context processor. Everything that asks the database is lazy, so an error page, which uses none
of it, asks nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from yukuai.accounts.policy import Actor, Permission
from yukuai.boundaries.queries import list_reviews, list_waiting
from yukuai.cases.queries import CAP
from yukuai.cases.today import Clock, door_rows, list_at_my_door
from yukuai.exchange.queries.matters import trouble_rows
from yukuai.kernel import clock
from yukuai.kernel.counting import Counts, EachOnce, compile_counts
from yukuai.kernel.prepared import THEN
from yukuai.kernel.wording import capped
from yukuai.messaging.queries import UNREAD_CAP, unread_rows
from yukuai.registry.queries.waiting import asked_rows

P = Permission
SURFACE = "/work/"
TONES = {"open": "", "corrections": "yours", "lines": "yours"}
"""Of the counts of the nav that are not late."""
SUMS = {"exchange": ("dead", "refused"), "lines": ("lines_to_approve", "lines_to_redraw")}
"""Of the counts of the nav that are told together."""


@dataclass(frozen=True)
class Room:
    """A page of the nav. It is there when its route is, and one of its permissions is held."""

    route: str
    icon: str
    label: str
    permissions: tuple[Permission, ...] = ()
    counts: str = ""


@dataclass(frozen=True)
class Item:
    """A line of the nav as it is shown."""

    url: str
    icon: str
    label: str
    current: bool
    count: str
    tone: str


ROOMS: tuple[tuple[str, tuple[Room, ...]], ...] = (
    (
        "",
        (
            Room("work:today", "calendar", "今日", (P.CASE_VIEW,), "late"),
            Room("work:inbox", "inbox", "收件箱", (), "unread"),
        ),
    ),
    (
        "业务",
        (
            Room("work:cases", "say", "社区直通车", (P.CASE_VIEW,), "open"),
            Room("work:map", "map", "一张图", (P.MAP_VIEW,)),
            Room("work:clusters", "layers", "可能是一串", (P.CASE_LINK,)),
            Room("work:register", "plus", "登记来访来电", (P.CASE_REGISTER,)),
            Room("work:elections", "ballot", "民主选举", (P.ELECTION_VIEW,)),
            Room("work:reviews", "check", "候选人联审", (P.ELECTION_REVIEW,)),
            Room("work:reviews-led", "check", "主持联审", (P.ELECTION_LEAD_REVIEW,)),
            Room("work:disputes", "talk", "人民调解", (P.DISPUTE_VIEW,)),
            Room("work:mediators", "people", "调解员名册", (P.MEDIATOR_MANAGE,)),
            Room("work:rules", "send", "派单规则", (P.RULE_MANAGE,)),
            Room("work:duties", "book", "职责清单"),
            Room("work:exports", "download", "我的导出", (P.CASE_EXPORT,)),
            Room("work:callbacks", "phone", "回访清单", (P.CASE_VISIT,)),
            Room("work:calls", "undelivered", "没送到的短信", (P.CASE_VISIT,)),
            Room("work:roster", "shift", "值班表", (P.CASE_HANDLE,)),
            Room("work:handover", "refresh", "交接班", (P.CASE_HANDLE,)),
            Room("work:exchange", "go", "外部系统", (P.EXCHANGE_MANAGE,), "exchange"),
        ),
    ),
    (
        "底数",
        (
            Room("work:registry", "people", "人和房屋", (P.REGISTRY_COUNT,), "corrections"),
            Room("work:registry-search", "search", "查人和房屋", (P.REGISTRY_VIEW,)),
            Room("work:reports", "doc", "一表通", (P.REPORT_USE,)),
            Room("work:imports", "up", "批量导入", (P.REGISTRY_IMPORT,)),
            Room("work:duplicates", "people", "可能重复的人", (P.REGISTRY_MERGE,)),
            Room("work:lines", "layers", "画界线", (P.BOUNDARY_DRAW,), "lines"),
        ),
    ),
    (
        "监督",
        (
            Room("work:board", "chart", "监督", (P.BOARD_VIEW,)),
            Room("work:statistics", "sort", "统计", (P.BOARD_VIEW,)),
            Room("work:mediation-numbers", "law", "调解数字", (P.DISPUTE_COUNT,)),
        ),
    ),
    (
        "管理",
        (
            Room("work:posts", "people", "岗位", (P.POST_MANAGE,)),
            Room("work:departments", "building", "部门", (P.DEPARTMENT_MANAGE,)),
            Room("work:categories", "layers", "事项类别", (P.CATEGORY_MANAGE,)),
            Room("work:divisions", "map", "区划", (P.DIVISION_MANAGE,)),
            Room("work:clients", "key", "接口客户", (P.CLIENT_MANAGE,)),
            Room("work:glasses", "eye", "越区查看", (P.GLASS_REVIEW,)),
            Room("work:audit", "book", "审计", (P.AUDIT_VIEW,)),
            Room("work:exports-all", "download", "诉求导出", (P.AUDIT_VIEW,)),
        ),
    ),
)


def shell(request: Any) -> dict[str, Any]:
    """Context processor of the workbench; nothing on the other surfaces."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.kind != "staff" or not request.path.startswith(SURFACE):
        return {}
    posts = [post for post in request.posts if post.pk != getattr(request.post, "pk", None)]
    return {
        "nav": SimpleLazyObject(lambda: _nav(request)),
        "post": _post(request.post),
        "posts": [_post(post) for post in posts],
        "post_switch_url": find_url("work:switch-post"),
        "person": {"name": _name(request), "links": _links(actor)},
        "search_url": find_url("work:search") if actor.may(P.CASE_VIEW) else "",
        "inbox_url": find_url("work:inbox"),
        "inbox_count": SimpleLazyObject(lambda: _unread(request)),
        "sign_out_url": find_url("work:signout"),
        "glass_until": actor.details.get("glass_until"),
        "end_glass_url": find_url("work:end-glass"),
    }


def first_room(actor: Any) -> str:
    """The first page of the nav that needs a permission this officer holds; '' when none does."""
    rooms = (room for _title, group in ROOMS for room in _open_rooms(actor, group))
    return next((find_url(room.route) for room in rooms if room.permissions), "")


def find_url(route: str) -> str:
    """The address of a page without parameters, '' while its room does not exist."""
    return _find_url(route, settings.ROOT_URLCONF)


@cache
def _find_url(route: str, _site: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def door(request: Any) -> list[Clock]:
    """What runs at the officer's own door: asked once a request."""
    if not hasattr(request, "_door"):
        may = request.actor.may(P.CASE_VIEW)
        request._door = list_at_my_door(request.actor, at=clock.now()) if may else []
    return list(request._door)


def _nav(request: Any) -> SafeString:
    open_rooms = [(title, _open_rooms(request.actor, rooms)) for title, rooms in ROOMS]
    here = _nearest(request.path, [room for _title, rooms in open_rooms for room in rooms])
    groups = [
        (title, tuple(_item(request, room, here) for room in rooms))
        for title, rooms in open_rooms
        if rooms
    ]
    return _drawn(tuple(groups))


def _nearest(path: str, rooms: Iterable[Room]) -> str:
    """The address of the room one is in: of those above the page, the nearest."""
    urls = [find_url(room.route) for room in rooms]
    above = [url for url in urls if path == url or (url != SURFACE and path.startswith(url))]
    return max(above, key=len, default="")


@lru_cache(maxsize=512)
def _drawn(groups: tuple[tuple[str, tuple[Item, ...]], ...]) -> SafeString:
    """Twice on every page, and hardly ever different."""
    nav = [{"title": title, "items": items} for title, items in groups]
    return render_to_string("parts/nav.html", {"nav": nav})


def _open_rooms(actor: Any, rooms: Iterable[Room]) -> Sequence[Room]:
    return [
        room
        for room in rooms
        if find_url(room.route)
        and (not room.permissions or any(actor.may(p) for p in room.permissions))
    ]


def _item(request: Any, room: Room, here: str) -> Item:
    url = find_url(room.route)
    return Item(url, room.icon, room.label, url == here, *_count(request, room.counts))


def _count(request: Any, name: str) -> tuple[str, str]:
    """The number and its tone."""
    if not name:
        return "", ""
    if name == "unread":
        return _unread(request), ""
    number = sum(counts_of(request).get(part, 0) for part in SUMS.get(name, (name,)))
    return capped(number, cap=CAP) if number else "", TONES.get(name, "late")


def counts_of(request: Any) -> dict[str, int]:
    """Everything the nav counts, asked in one statement, once a request."""
    if not hasattr(request, "_counts"):
        request._counts = _countable(request.actor).ask(at=clock.now())
    return dict(request._counts)


@lru_cache(maxsize=4096)
def _countable(actor: Actor) -> Counts:
    """What an officer's nav counts hangs on his grants: to compile it costs more than to ask it."""
    rows: dict[str, QuerySet[Any] | EachOnce] = {"unread": unread_rows(actor)}
    rows |= trouble_rows(actor)
    if actor.may(P.CASE_VIEW):
        rows |= door_rows(actor, at=THEN)
    if actor.may(P.REGISTRY_EDIT):
        rows["corrections"] = asked_rows(actor)
    if actor.may(P.BOUNDARY_DRAW):
        rows["lines_to_approve"] = list_waiting(actor).order_by()[: CAP + 1]
        rows["lines_to_redraw"] = list_reviews(actor).order_by()[: CAP + 1]
    return compile_counts(**rows)


def _unread(request: Any) -> str:
    count = counts_of(request)["unread"]
    return capped(count, cap=UNREAD_CAP) if count else ""


def _post(post: Any) -> dict[str, Any] | None:
    """The place with the one above it; the department stands where its division would."""
    if post is None:
        return None
    above = post.division if post.department else post.division.parent
    return {
        "id": post.pk,
        "place": post.place,
        "title": post.title or post.role_label,
        "crumbs": [{"label": above.name}] if above else [],
    }


def _name(request: Any) -> str:
    return str(request.user.display_name or request.user.username)


def _links(actor: Any) -> list[dict[str, str]]:
    own = [("work:me", "person", "我的岗位和登录"), ("work:password", "key", "改密码")]
    if actor.may(P.GLASS_BREAK):
        own.append(("work:break-glass", "eye", "临时越区查看"))
    return [
        {"url": find_url(route), "icon": icon, "label": label}
        for route, icon, label in own
        if find_url(route)
    ]
