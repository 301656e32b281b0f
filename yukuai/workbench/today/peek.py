"""The panel beside the list: the selected matter, and the move that is due."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from yukuai.workbench.casework.deeds import deed_of
from yukuai.workbench.casework.doing import seen
from yukuai.workbench.casework.offers import list_acts
from yukuai.workbench.casework.page import TELLERS, note_look
from yukuai.workflow.queries import list_deadlines

if TYPE_CHECKING:
    from yukuai.cases.models import Case

ACTS_SHOWN = 2


def peek_context(request: Any, case: "Case", now: datetime) -> dict[str, Any]:
    note_look(request, case, now)
    running = [c for c in list_deadlines(request.actor, obj=case) if c.met_at is None]
    supervised = any(clock.name == "supervision" for clock in running)
    acts = list_acts(request.actor, case=case, supervised=supervised, at=now)
    first = acts.primary
    deed = deed_of(first.name, case) if first else None
    inline = deed is not None and deed.instant
    return {
        "case": case,
        "case_url": reverse("work:case", args=[case.number]),
        "teller": TELLERS.get(case.source, "反映人"),
        "clock": running[0] if running else None,
        "act": first,
        "deed": deed,
        "form": deed.form(actor=request.actor, case=case) if deed and inline else None,
        "seen": seen(case),
        "acts": acts,
        "others": acts.others[:ACTS_SHOWN],
    }
