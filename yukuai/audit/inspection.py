"""What an auditor does with the log beyond reading a page of it; each leaves an entry of its own.

Whether somebody is an auditor is the view's declaration: this app knows no permissions.
"""

from datetime import datetime
from typing import Any

from yukuai.audit.actions import record
from yukuai.audit.models import AuditEntry
from yukuai.audit.queries import Reader, list_entries
from yukuai.audit.sealing import Verdict, verify_newest
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput

EXPORT_CAP = 10_000
PURPOSE_LIMIT = 200


@action
def export_entries(
    actor: Reader, *, area: str, wanted: dict[str, Any], purpose: str, at: datetime
) -> list[AuditEntry]:
    """The entries of a filter (the words of `list_entries`), newest first, at most EXPORT_CAP."""
    tidy = purpose.strip()
    if not tidy or len(tidy) > PURPOSE_LIMIT:
        sentence = f"请写明导出做什么用，最多 {PURPOSE_LIMIT} 个字。"
        raise InvalidInput(sentence, fields={"purpose": sentence})
    rows = list(list_entries(actor, **wanted)[:EXPORT_CAP])
    asked = {name: str(value) for name, value in wanted.items() if value}
    record(
        actor,
        act="audit.export",
        target="audit",
        area=area,
        at=at,
        purpose=tidy,
        wanted=asked,
        rows=len(rows),
    )
    return rows


@action
def check_seals(actor: Reader, *, area: str, newest: int, at: datetime) -> Verdict:
    """Compare the newest seals with the log they closed; the whole is for `verify_audit`."""
    verdict = verify_newest(newest)
    record(
        actor,
        act="audit.verify",
        target="audit",
        area=area,
        at=at,
        seals=verdict.seals,
        entries=verdict.entries,
        faults=list(verdict.faults),
    )
    return verdict
