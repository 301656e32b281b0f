"""How often something may be tried: fixed windows, counted in the database.

Call `hit` before the act it limits, outside of the transaction that may be refused: a refusal
that rolls back takes its count along. A view that counts while it reads (GET) answers with a page,
never with an exception.
"""

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import TooMany
from yukuai.kernel.models import RateWindow
from yukuai.kernel.together import Statement

_HIT = """
    INSERT INTO kernel_ratewindow AS known (key, "window", hits, ends_at)
    SELECT %s, %s, 1, %s{only_if}
    ON CONFLICT (key) DO UPDATE SET "window" = excluded."window", ends_at = excluded.ends_at,
        hits = CASE WHEN known."window" = excluded."window" THEN known.hits + 1 ELSE 1 END
    RETURNING hits
"""
IPV6_HOUSEHOLD = 64
"""One subscriber owns a whole /64: counting single addresses would count nothing."""


def hit(key: str, *, limit: int, per_seconds: int, at: datetime) -> None:
    """Count one attempt; raises TooMany from the one after `limit` in this window on.

    `key` says what is counted and for whom (`verify:1.2.3.4`, `code:199…`); it is kept hashed.
    """
    counted = attempt(key, per_seconds=per_seconds, at=at)
    with connection.cursor() as cursor:  # one statement, so that two at once count each other
        cursor.execute(counted.sql, counted.params)
        judge(int(cursor.fetchone()[0]), limit=limit, per_seconds=per_seconds, at=at)


def attempt(key: str, *, per_seconds: int, at: datetime, only_if: str = "") -> Statement:
    """What `hit` counts with, as a part of another statement; it returns `hits`.

    `only_if` is the FROM clause that yields a row where there is something to count.
    """
    window, left = _window(per_seconds, at)
    name = keyed_hash(f"{key}:{per_seconds}", purpose="limit")
    params = (name, window, at + timedelta(seconds=left))
    return Statement(_HIT.format(only_if=only_if), params)


def judge(hits: int, *, limit: int, per_seconds: int, at: datetime) -> None:
    """Raises TooMany beyond the limit."""
    if hits > limit:
        left = _window(per_seconds, at)[1]
        raise TooMany(_sentence(left), retry_after=left)


def _window(per_seconds: int, at: datetime) -> tuple[int, int]:
    """Its number, and the seconds until it ends."""
    window, gone = divmod(int(at.timestamp()), per_seconds)
    return window, per_seconds - gone


def address_of(request: HttpRequest) -> str:
    """Whom to count for: the client's address as the outermost proxy of ours saw it.

    `TRUSTED_PROXIES` (a number) says how many proxies of ours stand in front; what stands further
    left in X-Forwarded-For was written by the client and proves nothing.
    """
    return _household(peer_of(request))


def peer_of(request: HttpRequest) -> str:
    """That address as it stands there, unproved where no proxy of ours wrote it."""
    seen = [request.META.get("REMOTE_ADDR", "")]
    seen = [*request.headers.get("X-Forwarded-For", "").split(","), *seen]
    hops = int(getattr(settings, "TRUSTED_PROXIES", 0))
    return str(seen[max(-1 - hops, -len(seen))]).strip()


def _household(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, IPV6_HOUSEHOLD), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def forget_limits(*, before: datetime) -> int:
    """Windows that ended before a moment count nothing any more."""
    return RateWindow.objects.filter(ends_at__lt=before).delete()[0]


def _sentence(seconds: int) -> str:
    wait = f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"
    return f"试得太快了。请过 {wait}再试；着急就打电话。"
