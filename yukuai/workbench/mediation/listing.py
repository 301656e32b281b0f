"""The list of disputes: mine, or those of my desk."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.disputes.queries import (
    Filter,
    filter_disputes,
    list_first_clocks,
    list_masked_sides,
)
from yukuai.disputes.states import DONE, MEDIATED, OPEN, DisputeState
from yukuai.kernel import clock
from yukuai.workbench.admin.paging import by_moment
from yukuai.workbench.fields import line, select
from yukuai.workbench.mediation.page import state_tone

S = DisputeState
GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    "open": ("没结束的", frozenset(OPEN)),
    "new": ("等指派", frozenset({S.REGISTERED})),
    "running": ("正在调解", frozenset(MEDIATED)),
    "agreed": ("有协议、在履行", frozenset({S.AGREED, S.FULFILMENT})),
    "done": ("结束的", frozenset(DONE | {S.FAILED})),
    "all": ("全部", frozenset()),
}


class FilterForm(forms.Form):
    """What cannot be understood narrows nothing."""

    use_required_attribute = False
    state = select(
        "到哪一步", [(name, label) for name, (label, _) in GROUPS.items()], required=False
    )
    mine = forms.BooleanField(label="只看我调解的", required=False)
    q = line("单号", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name) or ""


@dataclass(frozen=True)
class Row:
    dispute: Any
    url: str
    tone: str
    sides: str
    clock: Any


@staff(Permission.DISPUTE_VIEW)
@never_cache
@require_GET
def dispute_list(request: Any) -> HttpResponse:
    form = FilterForm(request.GET)
    actor = request.actor
    group = form.said("state") if form.said("state") in GROUPS else "open"
    wanted = Filter(
        states=() if form.said("q") else tuple(sorted(GROUPS[group][1])),
        mediator_user_id=actor.user_id if form.said("mine") else None,
        number=form.said("q"),
    )
    page = by_moment(request, filter_disputes(actor, wanted=wanted), "registered_at")
    sides = list_masked_sides(actor, disputes=page.rows)
    clocks = list_first_clocks(actor, disputes=page.rows)
    context = {
        "form": form,
        "page": page,
        "rows": [
            Row(
                one,
                reverse("work:dispute", args=[one.number]),
                state_tone(one.state),
                sides.get(one.pk, ""),
                clocks.get(one.pk),
            )
            for one in page.rows
        ],
        "narrowed": bool(form.said("q") or form.said("mine") or form.said("state")),
        "may_register": actor.may(Permission.DISPUTE_REGISTER),
        "is_desk": actor.may(Permission.DISPUTE_ASSIGN),
        "now": clock.now(),
    }
    return TemplateResponse(request, "work/mediation/list.html", context)
