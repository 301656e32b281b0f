"""Seal the audit log in batches, and prove later that nothing was removed, altered or moved."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from yukuai.audit.models import AuditSeal
from yukuai.kernel.scope import EVERYWHERE, scope

GENESIS = "0" * 64
BATCH = 10_000
_ROWS = """
    SELECT jsonb_build_array(id, xact, extract(epoch FROM happened_at), actor, user_id, act, target,
                             area, purpose, holders, details)::text
    FROM audit_auditentry WHERE xact >= %s AND xact < %s ORDER BY xact, id
"""
# The upper edge: whole transactions only, all of them finished, about BATCH entries.
_EDGE = """
    SELECT least(pg_snapshot_xmin(pg_current_snapshot())::text::bigint, (
        SELECT xact + 1 FROM audit_auditentry WHERE xact >= %s ORDER BY xact, id
        OFFSET %s LIMIT 1))
"""


def seal(*, at: datetime) -> int:
    """Seal the next batch; return how many entries it took. One sealer at a time."""
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit.seal'))")
        last = AuditSeal.objects.order_by("-until_xact").first()
        since, before = (last.until_xact, last.digest) if last else (0, GENESIS)
        cursor.execute(_EDGE, [since, BATCH - 1])
        until = cursor.fetchone()[0]
        entries, digest = _digest(before, since, until)
        if entries:
            AuditSeal.objects.create(until_xact=until, entries=entries, digest=digest, sealed_at=at)
        return entries


def find_broken_seals() -> Iterator[str]:
    """Say, link by link, where the log is not what was sealed."""
    since, before = 0, GENESIS
    with scope(EVERYWHERE):
        for link in AuditSeal.objects.order_by("until_xact"):
            entries, digest = _digest(before, since, link.until_xact)
            if entries != link.entries:
                yield f"seal {link.pk}: {link.entries} entries sealed, {entries} found"
            elif digest != link.digest:
                yield f"seal {link.pk}: an entry was altered or moved"
            since, before = link.until_xact, link.digest


def _digest(before: str, since: int, until: int) -> tuple[int, str]:
    digest = hashlib.new("sm3", before.encode())
    entries = 0
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [since, until])
        for (row,) in cursor:
            digest.update(row.encode() + b"\n")
            entries += 1
    return entries, digest.hexdigest()
