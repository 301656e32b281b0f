"""画界线: what is mine to draw, what waits for me, what does not fit any more; and one draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.boundaries.actions import start_draft
from yukuai.boundaries.movable import unit_of
from yukuai.boundaries.queries import (
    get_draft,
    get_sheet,
    list_drafts,
    list_receipts,
    list_reviews,
    list_startable,
    list_waiting,
)
from yukuai.boundaries.states import LINE_WORKFLOW, LineState
from yukuai.divisions.queries import list_names
from yukuai.documents.queries import list_attachments
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.workbench.fields import number as whole
from yukuai.workbench.fields import tidy
from yukuai.workbench.lines.document import can, finding_of
from yukuai.workbench.lines.grounds import said_grounds, size_of
from yukuai.workflow.queries import list_changes, list_offers

P = Permission
SHOWN, FINDINGS_SHOWN = 40, 100
TONES = {
    LineState.SUBMITTED: "wait",
    LineState.RETURNED: "late",
    LineState.APPROVED: "wait",
    LineState.EFFECTIVE: "done",
    LineState.WITHDRAWN: "off",
}
SEVERITY = {"refused": ("late", "要改"), "confirm": ("wait", "看一眼"), "note": ("off", "已处理")}


def tone_of(state: str) -> str:
    return TONES.get(LineState(state), "run")


@staff(P.BOUNDARY_DRAW)
@require_GET
@never_cache
def lines(request: Any) -> HttpResponse:
    actor = request.actor
    drafts = list(list_drafts(actor)[:SHOWN])
    context = {
        "startable": list_startable(actor),
        "waiting": list(list_waiting(actor)[:SHOWN]),
        "reviews": list(list_reviews(actor)[:SHOWN]),
        "drafts": [(one, tone_of(one.state)) for one in drafts],
        "now": clock.now(),
        "crumbs": [],
    }
    return TemplateResponse(request, "work/lines/list.html", context)


@staff(P.BOUNDARY_DRAW)
@require_POST
def start(request: Any) -> HttpResponse:
    parent = whole(request.POST.get("parent", ""))
    if parent is None:
        raise InvalidInput("选在哪里画。")
    layer = tidy(request.POST.get("layer"))
    try:
        draft = start_draft(request.actor, parent_id=parent, layer=layer, at=clock.now())
    except Conflict as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(reverse("work:lines"))
    return HttpResponseRedirect(reverse("work:line", args=[draft.number]))


@staff(P.BOUNDARY_DRAW)
@require_GET
@never_cache
def draft_page(request: Any, number: str) -> HttpResponse:
    """Everything the editor shows, in words: it works without a map."""
    actor, at = request.actor, clock.now()
    draft = get_draft(actor, number=number)
    sheet = get_sheet(actor, draft=draft)
    receipts = list_receipts(actor, draft=draft)
    told = [int(pk) for one in receipts for pair in one.moved for pk in pair.split(">")]
    names = list_names(actor, division_ids=told)
    may = can(actor, draft)
    context = {
        "draft": draft,
        "tone": tone_of(draft.state),
        "can": may,
        "mine": may["approve"] or (draft.state == LineState.RETURNED and may["edit"]),
        "children": sheet.children,
        "undrawn": [child for child, shape in sheet.children if not shape or not shape.drawn],
        "findings": [_finding(one, sheet.names) for one in draft.findings[:FINDINGS_SHOWN]],
        "more_findings": max(len(draft.findings) - FINDINGS_SHOWN, 0),
        "grounds": said_grounds(actor, draft),
        "receipts": [_receipt(one, names) for one in receipts],
        "papers": list(list_attachments(actor, subject="line", object_id=draft.pk)),
        "offers": list_offers(actor, obj=draft, at=at),
        "log": [(change, _label(change.move)) for change in list_changes(actor, obj=draft)],
        "now": at,
        "crumbs": [{"label": "画界线", "url": reverse("work:lines")}, {"label": draft.number}],
    }
    return TemplateResponse(request, "work/lines/draft.html", context)


def _finding(one: dict[str, Any], names: Any) -> dict[str, Any]:
    tone, word = SEVERITY[one["severity"]]
    size = size_of(one["size_m2"]) if one["size_m2"] else ""
    fixable = one["geometry"] is not None or one["check"] == "self_crossing"
    return {**finding_of(one, names), "tone": tone, "word": word, "fixable": fixable, "size": size}


def _receipt(receipt: Any, names: Any) -> dict[str, Any]:
    return {
        "one": receipt,
        "unit": unit_of(receipt.thing),
        "moved": _moved(receipt, names),
        "along": list(receipt.along.items()),
    }


def _moved(receipt: Any, names: Any) -> list[tuple[str, str, int]]:
    pairs = [(*map(int, pair.split(">")), count) for pair, count in receipt.moved.items()]
    return [(names.get(before, ""), names.get(after, ""), n) for before, after, n in pairs]


def _label(move: str) -> str:
    return "开始画" if move == "start" else LINE_WORKFLOW.move(move).label
