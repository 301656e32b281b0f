"""The list of matters: filters in the address, pages by key, counts to 1000."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.queries import (
    CAP,
    Filter,
    count_capped,
    filter_cases,
    list_categories,
    older_than,
)
from yukuai.cases.states import DONE, OPEN, CaseState, Source, Triage
from yukuai.divisions.queries import Found, find_divisions, get_division
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.kernel.wording import capped
from yukuai.workbench.casework.page import state_tone
from yukuai.workbench.fields import line, number, select

if TYPE_CHECKING:
    from yukuai.cases.models import Case
    from yukuai.divisions.models import Division

PAGE = 50
PLACES_SHOWN = 8
YEARS = (2000, 2200)
GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    "open": ("没办完的", frozenset(OPEN)),
    "new": ("等受理、分流、派单", frozenset({"submitted", "accepted", "triaged", "reopened"})),
    "handling": (
        "正在办",
        frozenset({"dispatched", "handling", "collab", "extended", "return-requested", "objected"}),
    ),
    "checking": ("等核查、回访、办结", frozenset({"replied", "reviewed", "visited"})),
    "done": ("办完的", frozenset(DONE)),
}
STATES = [
    ("", "全部"),
    *[(name, label) for name, (label, _states) in GROUPS.items()],
    ("每一步", [(state.value, state.label) for state in CaseState]),
]


class FilterForm(forms.Form):
    """Every field narrows; what cannot be understood narrows nothing and says so."""

    use_required_attribute = False
    state = select("到哪一步", STATES, required=False)
    triage = select("大事小事", [("", "全部"), *Triage.choices], required=False)
    category = select("类别", [], required=False)
    place = line("地方", required=False)
    within = forms.CharField(required=False, widget=forms.HiddenInput)
    urgent = forms.BooleanField(label="只看紧急的", required=False)
    parts = forms.BooleanField(label="分单也列出来", required=False)
    q = line("单号或标题", required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *[(str(c.pk), c.name) for c in list_categories(actor)]]
        self.is_valid()

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name) or ""


@dataclass(frozen=True)
class Row:
    """A line of the list, in words."""

    case: "Case"
    url: str
    tone: str
    source: str
    unit: str
    place: str

    @property
    def is_running(self) -> bool:
        return (
            self.case.promised_at is not None
            and self.case.state in OPEN
            and not self.case.replied_at
        )


@staff(Permission.CASE_VIEW)
@require_GET
def case_list(request: Any) -> HttpResponse:
    form = FilterForm(request.GET, actor=request.actor)
    within, choices = _place(request.actor, form)
    rows = filter_cases(request.actor, wanted=_wanted(form, within))
    key = _parse_key(request.GET.get("older", ""))
    shown = list((older_than(rows, received_at=key[0], pk=key[1]) if key else rows)[: PAGE + 1])
    is_whole = key is None and len(shown) <= PAGE
    context = {
        "form": form,
        "rows": [as_row(case) for case in shown[:PAGE]],
        "within": within,
        "choices": choices,
        "total": capped(len(shown) if is_whole else count_capped(rows), cap=CAP),
        "narrowed": [name for name in form.fields if form.said(name)],
        "now": clock.now(),
        **_pages(request, shown, key is not None),
    }
    return TemplateResponse(request, "work/casework/list.html", context)


def as_row(case: "Case") -> Row:
    unit = case.unit_department or case.unit
    return Row(
        case=case,
        url=reverse("work:case", args=[case.number]),
        tone=state_tone(case.state),
        source=Source(case.source).label,
        unit=unit.name if unit else "",
        place=case.division.name,
    )


def _wanted(form: FilterForm, within: "Division | None") -> Filter:
    state = form.said("state")
    states = GROUPS[state][1] if state in GROUPS else {state} - {""}
    return Filter(
        states=tuple(sorted(states)),
        triage=form.said("triage"),
        category_id=number(form.said("category")),
        within=within.path if within else "",
        text=form.said("q"),
        urgent=bool(form.said("urgent")),
        parts=bool(form.said("parts")),
    )


def _place(actor: Actor, form: FilterForm) -> "tuple[Division | None, Sequence[Found]]":
    """A place by its id, or the places of a name to choose from."""
    chosen = number(form.said("within"))
    if chosen is not None:
        try:
            return get_division(actor, division_id=chosen), ()
        except NotFound:
            return None, ()
    text = form.said("place")
    if not text:
        return None, ()
    area = next(iter(actor.paths_for(Permission.CASE_VIEW)), "")
    found = find_divisions(actor, text=text, within=area, limit=PLACES_SHOWN)
    if len(found) == 1:
        return get_division(actor, division_id=found[0].id), ()
    return None, found


def _parse_key(text: str) -> tuple[datetime, int] | None:
    """Of `older=2026-03-02T12:00:00+08:00~17`; None when it is not one of ours."""
    moment, _, pk = text.partition("~")
    try:
        received_at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    last = number(pk)
    is_ours = last is not None and received_at.tzinfo and YEARS[0] < received_at.year < YEARS[1]
    return (received_at, last) if is_ours and last is not None else None


def _pages(request: Any, shown: "Sequence[Case]", is_later: bool) -> dict[str, str]:
    kept = {name: words for name, words in request.GET.items() if name != "older" and words}
    url = reverse("work:cases")
    pages = {"newer_url": f"{url}?{urlencode(kept)}" if is_later else ""}
    if len(shown) > PAGE:
        last = shown[PAGE - 1]
        key = f"{last.received_at.isoformat()}~{last.pk}"
        pages["older_url"] = f"{url}?{urlencode({**kept, 'older': key})}"
    return pages
