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

_HIT = """
    INSERT INTO kernel_ratewindow AS known (key, "window", hits, ends_at) VALUES (%s, %s, 1, %s)
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
    window, gone = divmod(int(at.timestamp()), per_seconds)
    left = per_seconds - gone
    name = keyed_hash(f"{key}:{per_seconds}", purpose="limit")
    if _count(name, window, at + timedelta(seconds=left)) > limit:
        raise TooMany(_sentence(left), retry_after=left)


def address_of(request: HttpRequest) -> str:
    """Whom to count for: the client's address as the outermost proxy of ours saw it.

    `TRUSTED_PROXIES` (a number) says how many proxies of ours stand in front; what stands further
    left in X-Forwarded-For was written by the client and proves nothing.
    """
    seen = [request.META.get("REMOTE_ADDR", "")]
    seen = [*request.headers.get("X-Forwarded-For", "").split(","), *seen]
    hops = int(getattr(settings, "TRUSTED_PROXIES", 0))
    return _household(seen[max(-1 - hops, -len(seen))].strip())


def _household(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, IPV6_HOUSEHOLD), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _count(name: str, window: int, ends_at: datetime) -> int:
    """One statement, so that two at once count each other."""
    with connection.cursor() as cursor:
        cursor.execute(_HIT, [name, window, ends_at])
        return int(cursor.fetchone()[0])


def forget_limits(*, before: datetime) -> int:
    """Windows that ended before a moment count nothing any more."""
    return RateWindow.objects.filter(ends_at__lt=before).delete()[0]


def _sentence(seconds: int) -> str:
    wait = f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"
    return f"试得太快了。请过 {wait}再试；着急就打电话。"
