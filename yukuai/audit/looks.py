"""Who looked at a matter, for those who may look at it themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yukuai.audit.models import AuditEntry

OPENED = ("case.contact", "dispute.party")
LOOKS = ("case.view", "dispute.view", "case.found", "case.export", *OPENED)
SHOWN = 50


@dataclass(frozen=True)
class Look:
    actor: str
    act: str
    purpose: str
    happened_at: datetime

    @property
    def opened_contact(self) -> bool:
        return self.act in OPENED

    @property
    def found_by_contact(self) -> bool:
        return self.act == "case.found"

    @property
    def took_away(self) -> bool:
        return self.act == "case.export"


def list_looks(actor: Any, *, target: str, area: str, since: datetime) -> Sequence[Look]:
    """Of a matter the actor was already allowed to read, newest first. `area` and `since` are
    where it lies and when it came in: they keep the search to a short range of the log."""
    rows = AuditEntry.objects.filter(
        area=area, happened_at__gte=since, target=target, act__in=LOOKS
    ).order_by("-happened_at", "-pk")
    fields = ("actor", "act", "purpose", "happened_at")
    return [Look(*values) for values in rows.values_list(*fields)[: SHOWN + 1]]
