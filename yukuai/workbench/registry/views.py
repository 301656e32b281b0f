"""底数: where to begin, a community's figures, its lists, and the page of one record."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission, check
from yukuai.divisions.queries import get_division, list_children
from yukuai.divisions.states import DivisionKind
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.kernel.wording import capped
from yukuai.registry.actions import note_list
from yukuai.registry.keeping import NOT_HERE, permission_to_keep
from yukuai.registry.queries.listing import (
    NAMED,
    ORDER,
    Here,
    get_community,
    homes_of,
    list_records,
    titles_of,
)
from yukuai.registry.queries.waiting import get_overview, list_competing
from yukuai.registry.saying import columns_shown, competing_words, narrowings
from yukuai.registry.states import Kind
from yukuai.workbench.admin.paging import ascending, by_moment
from yukuai.workbench.admin.places import area_of, own_division, search_place
from yukuai.workbench.fields import number
from yukuai.workbench.navigation import find_url
from yukuai.workbench.registry.pages import record_context, row_of
from yukuai.workbench.registry.places import (
    ICONS,
    ONE,
    crumbs_to,
    kind_of,
    list_url,
)

P = Permission
FIGURES = (
    Kind.PERSON,
    Kind.HOUSEHOLD,
    Kind.DWELLING,
    Kind.BUILDING,
    Kind.ORGANISATION,
    Kind.FACILITY,
)


@staff(P.REGISTRY_COUNT)
@require_safe
def registry(request: Any) -> HttpResponse:
    """One's own community; who stands above goes down to one, or types its name."""
    actor, within = request.actor, area_of(request.actor, P.REGISTRY_COUNT)
    search = search_place(actor, request.GET, within=within, kinds=(DivisionKind.COMMUNITY,))
    here = search.chosen or _asked(request) or own_division(actor, P.REGISTRY_COUNT)
    if here is not None and here.kind == DivisionKind.COMMUNITY:
        return HttpResponseRedirect(reverse("work:registry-home", args=[here.pk]))
    if here is not None and not check(actor, P.REGISTRY_COUNT, Here(here.path)):
        raise NotFound(NOT_HERE)
    below = list_children(actor, parent_id=here.pk if here else None)
    context = {"search": search, "here": here, "below": below}
    return TemplateResponse(request, "work/registry/choose.html", context)


def _asked(request: Any) -> Any:
    pk = number(request.GET.get("division", ""))
    return get_division(request.actor, division_id=pk) if pk is not None else None


@staff(P.REGISTRY_COUNT)
@never_cache
@require_safe
def home(request: Any, division_id: int) -> HttpResponse:
    actor = request.actor
    here = get_community(actor, division_id=division_id)
    may_view = bool(check(actor, P.REGISTRY_VIEW, Here(here.path)))
    found = get_overview(actor, area=here.path, on=today(clock.now()))
    may_edit = bool(check(actor, P.REGISTRY_EDIT, Here(here.path)))
    context = {
        "here": here,
        "may_view": may_view,
        "stats": [_stat(kind, found.counts[kind], here, may_view) for kind in FIGURES],
        "kinds": [
            (ICONS[kind], kind, found.counts[kind], list_url(kind, here.pk)) for kind in Kind
        ],
        "asked": found.asked,
        "waits": found.asked and may_edit,
        "todo": _todo(found, here.pk),
        "lookup_url": find_url("work:registry-search") if may_view else "",
        "crumbs": [],
    }
    return TemplateResponse(request, "work/registry/home.html", context)


def _stat(kind: Kind, count: int, here: Any, may_view: bool) -> dict[str, Any]:
    open_to_all = may_view or kind == Kind.BUILDING
    url = list_url(kind, here.pk) if open_to_all else ""
    return {"label": kind.label, "n": count, "url": url}


def _todo(found: Any, division_id: int) -> list[dict[str, str]]:
    """What waits besides corrections, each with the list where it stands."""
    lines = []
    if found.competing:
        url = reverse("work:registry-competing", args=[division_id])
        lines.append({"label": "两种说法对不上", "n": capped(found.competing), "url": url})
    lines += [
        {
            "label": f"{Kind(kind).label}：一年没有核实过",
            "n": capped(count),
            "url": f"{list_url(kind, division_id)}?due=1",
        }
        for kind, count in found.due.items()
        if count
    ]
    return lines


@staff(P.REGISTRY_VIEW)
@never_cache
@require_safe
def records(request: Any, division_id: int, kind: str) -> HttpResponse:
    """A list of one kind. Who looks for somebody by name or number uses the search."""
    known = kind_of(kind)
    here = get_community(request.actor, division_id=division_id)
    if known is Kind.BUILDING:
        return HttpResponseRedirect(list_url(known, here.pk))
    day = today(clock.now())
    asked = {name: request.GET.get(name, "") for name in narrowings(known)}
    ended, due = "ended" in request.GET, "due" in request.GET
    found = list_records(
        request.actor,
        kind=known,
        area=here.path,
        ended=ended,
        due_on=day if due else None,
        **asked,
    )
    page = ascending(request, found, ORDER.get(known, NAMED))
    kept = {name: value for name, value in asked.items() if value}
    note_list(request.actor, kind=known, area=here.path, at=clock.now(), **kept)
    context = {
        "here": here,
        "kind": known,
        "one": ONE.get(known, f"一个{known.label}"),
        "columns": columns_shown(known),
        "rows": _rows(request.actor, known, page.rows, day),
        "page": page,
        "filters": [
            {"name": name, "label": label, "options": options.items(), "value": asked[name]}
            for name, (label, options) in narrowings(known).items()
        ],
        "ended": ended,
        "due": due,
        "narrowed": ended or due or any(asked.values()),
        "may_add": _may_add(request.actor, known, here),
        "crumbs": crumbs_to(here, (known.label, "")),
    }
    return TemplateResponse(request, "work/registry/list.html", context)


def _rows(actor: Actor, kind: Kind, rows: Any, day: Any) -> list[dict[str, Any]]:
    is_people = kind == Kind.PERSON
    homes = homes_of(actor, person_ids=[row.pk for row in rows]) if is_people else {}
    return [row_of(row, homes.get(row.pk, ()), day) for row in rows]


def _may_add(actor: Actor, kind: Kind, here: Any) -> bool:
    """A door is added from its building."""
    allowed = check(actor, permission_to_keep(kind), Here(here.path))
    return bool(allowed) and kind != Kind.DWELLING


@staff(P.REGISTRY_VIEW)
@never_cache
@require_safe
def competing(request: Any, division_id: int) -> HttpResponse:
    """Somebody else says something else: whoever keeps the record chooses."""
    here = get_community(request.actor, division_id=division_id)
    page = by_moment(request, list_competing(request.actor, area=here.path), "claimed_at")
    titles = titles_of(request.actor, {(one.kind, one.subject_id) for one in page.rows})
    rows = [
        {
            "claim": one,
            "title": titles[one.kind, one.subject_id],
            "kind": Kind(one.kind),
            "said": competing_words(one),
            "url": reverse("work:registry-record", args=[one.kind, one.subject_id]),
        }
        for one in page.rows
        if (one.kind, one.subject_id) in titles
    ]
    crumbs = crumbs_to(here, ("两种说法对不上", ""))
    context = {"here": here, "rows": rows, "page": page, "crumbs": crumbs}
    return TemplateResponse(request, "work/registry/competing.html", context)


@staff(P.REGISTRY_VIEW)
@never_cache
@require_safe
def record(request: Any, kind: str, record_id: int) -> HttpResponse:
    context = record_context(request.actor, kind_of(kind), record_id, clock.now())
    return TemplateResponse(request, "work/registry/record.html", context)
