"""Seal the audit log in batches, and prove later that nothing was removed, altered or moved."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from yukuai.audit.models import AuditSeal
from yukuai.kernel.clock import today
from yukuai.kernel.scope import EVERYWHERE, scope, widened

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
        last = _newest()
        since, before = (last.until_xact, last.digest) if last else (0, GENESIS)
        cursor.execute(_EDGE, [since, BATCH - 1])
        until = cursor.fetchone()[0]
        entries, digest = _digest(before, since, until)
        if entries:
            AuditSeal.objects.create(until_xact=until, entries=entries, digest=digest, sealed_at=at)
        return entries


@dataclass(frozen=True)
class Verdict:
    """What a reading of the whole log found. `faults` are said in both languages."""

    seals: int
    entries: int
    faults: tuple[str, ...]


def verify(*, published: Path | None = None) -> Verdict:
    """Read the whole log, compare it with its seals, and these with what was published outside."""
    with scope(EVERYWHERE):
        seals = list(AuditSeal.objects.order_by("until_xact"))
        faults = [*_broken(seals), *_unpublished(seals, published)]
    return Verdict(len(seals), sum(link.entries for link in seals), tuple(faults))


def verify_newest(limit: int) -> Verdict:
    """The last links only, as a step of an action: what a page can wait for."""
    with widened(EVERYWHERE):
        newest = list(AuditSeal.objects.order_by("-until_xact")[: limit + 1])[::-1]
        whole = len(newest) <= limit
        before, seals = (None, newest) if whole else (newest[0], newest[1:])
        faults = tuple(_broken(seals, behind=before))
    return Verdict(len(seals), sum(link.entries for link in seals), faults)


def _broken(seals: list[AuditSeal], *, behind: AuditSeal | None = None) -> Iterator[str]:
    since, before = (behind.until_xact, behind.digest) if behind else (0, GENESIS)
    for link in seals:
        entries, digest = _digest(before, since, link.until_xact)
        if entries != link.entries:
            yield (
                f"封印 {link.pk}：封了 {link.entries} 条，现在有 {entries} 条。"
                f"(seal {link.pk}: {link.entries} entries sealed, {entries} found)"
            )
        elif digest != link.digest:
            yield (
                f"封印 {link.pk}：有记录被改过或换过位置。"
                f"(seal {link.pk}: an entry was altered or moved)"
            )
        since, before = link.until_xact, link.digest


def publish_newest(directory: Path, *, at: datetime) -> Path | None:
    """Write the newest seal to `YYYY-MM-DD.txt`, to be kept outside the database: only so is it
    noticed when the newest seals are cut off together with their entries. None: nothing sealed."""
    with scope(EVERYWHERE):
        last = _newest()
    if last is None:
        return None
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{today(at)}.txt"
    draft = path.with_suffix(".part")
    draft.write_text(f"{last.until_xact} {last.digest} {last.sealed_at.isoformat()}\n")
    draft.replace(path)
    return path


@dataclass(frozen=True)
class Published:
    """A digest that was written outside the database, and whether its seal is still there."""

    name: str
    digest: str
    known: bool


def find_published(directory: Path) -> Published | None:
    """The newest one; None where nothing has been published yet."""
    newest = max(directory.glob("*.txt"), default=None, key=lambda path: path.name)
    if newest is None:
        return None
    until, digest, *_ = [*newest.read_text().split(), "", ""]
    known = until.isdigit() and AuditSeal.objects.filter(until_xact=until, digest=digest).exists()
    return Published(newest.stem, digest, known)


def _unpublished(seals: list[AuditSeal], directory: Path | None) -> Iterator[str]:
    known = {(str(link.until_xact), link.digest) for link in seals}
    for path in sorted(directory.glob("*.txt")) if directory else []:
        words = path.read_text().split()
        if tuple(words[:2]) not in known:
            yield (
                f"{path.name} 公布过的封印不见了，或者和库里的不一样。"
                f"(the seal published in {path.name} is gone or differs)"
            )


def _newest() -> AuditSeal | None:
    return AuditSeal.objects.order_by("-until_xact").first()


def _digest(before: str, since: int, until: int) -> tuple[int, str]:
    digest = hashlib.new("sm3", before.encode())
    entries = 0
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [since, until])
        for (row,) in cursor:
            digest.update(row.encode() + b"\n")
            entries += 1
    return entries, digest.hexdigest()
