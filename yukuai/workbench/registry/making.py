"""A new record, from where one stands: a room of a building, a person behind a door."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission, require
from yukuai.divisions.queries import list_children
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, NotFound
from yukuai.registry import saying
from yukuai.registry.actions import Home, register, take_in
from yukuai.registry.codes import labels_of
from yukuai.registry.keeping import NOT_HERE, permission_to_keep
from yukuai.registry.links import CELLS, LINKS
from yukuai.registry.queries import homes
from yukuai.registry.queries.listing import Here, get_community
from yukuai.registry.queries.reading import get_record
from yukuai.registry.states import Kind, Living
from yukuai.workbench.admin.asking import DayField, ask_or_act, attempt, looking, typed
from yukuai.workbench.fields import number, select
from yukuai.workbench.registry.forms import NOTHING, RecordForm, offer
from yukuai.workbench.registry.places import ONE, crumbs_to, kind_of, list_url, record_url, title_of

P = Permission
FROM = {"building": Kind.BUILDING, "dwelling": Kind.DWELLING, "person": Kind.PERSON}
"""Where one may stand, by the name in the address."""
CELL_LABELS = {"compound_id": "小区", "group_id": "小组", "grid_id": "网格"}
COMPOUND, ENTRANCE = "compound_id", "entrance_id"


class NewForm(RecordForm):
    """With what ties the record to where it was begun."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def links(self, stands: dict[str, Any]) -> dict[str, int | None]:
        found: dict[str, int | None] = {f"{name}_id": row.pk for name, row in stands.items()}
        for name in (*CELLS, ENTRANCE):
            if name in self.fields and self.kind != Kind.COMPOUND:
                found[name] = number(str(self.cleaned_data[name]))
        return {name: pk for name, pk in found.items() if name in LINKS.get(self.kind, ())}

    def home(self, dwelling: Any) -> Home:
        data = self.cleaned_data
        household = number(data.get("household", ""))
        relation = data.get("relation", "")
        return Home(dwelling.pk, data["living"], data["since"], household, relation)

    @property
    def around(self) -> list[Any]:
        """The bound fields beside those of the catalogue."""
        named = (*CELLS, ENTRANCE, "living", "since", "household", "relation")
        return [self[name] for name in named if name in self.fields]


@staff(P.REGISTRY_VIEW)
@never_cache
@ask_or_act
def new(request: Any, division_id: int, kind: str) -> HttpResponse:
    """Who may not keep this kind here is told so before he types."""
    known, at = kind_of(kind), clock.now()
    one = ONE.get(known, f"一个{known.label}")
    with looking(request):
        here = get_community(request.actor, division_id=division_id)
        require(request.actor, permission_to_keep(known), Here(here.path))
        stands = _stands(request, here)
        form = _form(request, known, here, stands, at)
    if request.method == "POST":
        made = attempt_record(form, lambda: _make(request.actor, form, here, stands, at))
        if made is not None:
            messages.success(request, f"登记好了{one}。")
            return HttpResponseRedirect(record_url(made))
    on_door = stands.get("dwelling") or stands.get("building")
    context = {
        "form": form,
        "title": f"登记{one}",
        "lead": f"在 {title_of(on_door)}" if on_door else f"{here.name}",
        "button": "登记",
        "no": "不登记了",
        "back_url": _back(known, here, stands),
        "crumbs": crumbs_to(here, (known.label, list_url(known, here.pk)), ("登记", "")),
    }
    return TemplateResponse(request, "work/registry/form.html", context, status=form.status)


def attempt_record(form: RecordForm, act: Callable[[], Any]) -> Any:
    """As `attempt`; what is there already is said at its field."""

    def told() -> Any:
        try:
            return act()
        except Conflict as error:
            name = str(error.params.get("field", ""))
            if name not in form.fields:
                raise
            form.add_error(name, error.message)
            form.status = error.status
            return None

    return attempt(form, told)


def _stands(request: Any, here: Any) -> dict[str, Any]:
    """The records of this community from which one comes; another place's are not found."""
    found = {}
    for name, kind in FROM.items():
        pk = number(request.GET.get(name, ""))
        if pk is None:
            continue
        row = get_record(request.actor, kind=kind, record_id=pk)
        if row.division_id != here.pk:
            raise NotFound(NOT_HERE)
        found[name] = row
    return found


def _form(request: Any, kind: Kind, here: Any, stands: dict[str, Any], at: datetime) -> NewForm:
    if kind is Kind.DWELLING and "building" not in stands:
        raise NotFound("房屋要从它的楼栋里登记。请先打开楼栋图。")
    start = {"client_uuid": uuid.uuid4(), "living": Living.RESIDENT}
    start[ENTRANCE] = request.GET.get("entrance", "")
    form = NewForm(typed(request), kind=kind, today=today(at), initial=start)
    if kind in (Kind.BUILDING, Kind.COMPOUND):
        _add_cells(request.actor, form, here)
    if kind is Kind.DWELLING:
        _add_entrances(request.actor, form, stands["building"])
    if kind is Kind.PERSON and "dwelling" in stands:
        _add_home(request.actor, form, stands["dwelling"])
    return form


def _add_cells(actor: Actor, form: NewForm, here: Any) -> None:
    below = list_children(actor, parent_id=here.pk)
    for name in CELLS:
        options = [(str(one.id), one.name) for one in below if one.kind == name[:-3]]
        only = form.kind == Kind.COMPOUND
        if options and (name == COMPOUND or not only):
            label = CELL_LABELS[name]
            said = f"请选择{label}。"
            form.fields[name] = select(label, [NOTHING, *options], said, required=only)
    if form.kind == Kind.COMPOUND and COMPOUND not in form.fields:
        raise NotFound("本社区还没有小区的区划。请先画小区的界线，再登记小区。")


def _add_entrances(actor: Actor, form: NewForm, building: Any) -> None:
    entrances = homes.list_entrances(actor, building=building)
    if entrances:
        options = [("", "不分单元"), *((str(one.pk), one.name) for one in entrances)]
        form.fields[ENTRANCE] = select("单元", options, "请选择单元。", required=False)


def _add_home(actor: Actor, form: NewForm, dwelling: Any) -> None:
    form.fields["living"] = select("怎么住", Living.choices, "请选择居住情况。")
    form.fields["since"] = DayField("从哪天住起", required=False, help_text="不清楚就不填。")
    households = homes.list_households_in(actor, dwelling=dwelling)
    if households:
        members = homes.list_members(actor, household_ids=[one.pk for one in households])
        form.fields["household"] = select("属于哪一户", [], "选一户。", required=False)
        named = [(str(one.pk), saying.names_of(one, members)) for one in households]
        offer(form, "household", [("", "先不归户"), *named])
        form.fields["relation"] = select("与户主的关系", [], "请选择与户主的关系。", required=False)
        offer(form, "relation", [NOTHING, *labels_of("relation").items()])


def _make(actor: Actor, form: NewForm, here: Any, stands: dict[str, Any], at: datetime) -> Any:
    told: dict[str, Any] = {
        "values": form.stated(),
        "said": form.said(),
        "client_uuid": form.cleaned_data["client_uuid"],
        "at": at,
    }
    if form.kind == Kind.PERSON and "dwelling" in stands:
        return take_in(actor, division_id=here.pk, home=form.home(stands["dwelling"]), **told)
    if form.kind == Kind.COMPOUND:
        division_id = number(form.cleaned_data[COMPOUND]) or 0
        return register(actor, kind=form.kind, division_id=division_id, **told)
    links = form.links(stands)
    return register(actor, kind=form.kind, division_id=here.pk, links=links, **told)


def _back(kind: Kind, here: Any, stands: dict[str, Any]) -> str:
    if "building" in stands:
        return reverse("work:registry-plan", args=[stands["building"].pk])
    for row in stands.values():
        return record_url(row)
    return list_url(kind, here.pk)
