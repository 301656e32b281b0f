"""可能是一串: what the platform proposes to look at together; an officer decides."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.actions import confirm_cluster, dismiss_cluster
from yukuai.cases.clusters import (
    Cluster,
    count_proposals,
    get_proposal,
    list_clusters,
    list_proposals,
)
from yukuai.cases.queries import CAP
from yukuai.cases.states import OPEN
from yukuai.kernel import clock
from yukuai.kernel.wording import capped
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.casework.page import state_tone
from yukuai.workbench.fields import choice, words

if TYPE_CHECKING:
    from yukuai.cases.actions.clustering import Confirmed

PAGE = 20
CRUMB: dict[str, Any] = {"label": "可能是一串", "url": reverse_lazy("work:clusters")}
DECISIONS = [
    ("merge", "是同一件，合在一起办\n没派单的并入选中的那一件，反映的人会收到通知；可以再拆开。"),
    ("group", "是一串，分开办\n只记下它们有关系，各办各的。"),
    ("dismiss", "不是一回事\n什么都不变，这几件以后不再来问。"),
]


class DecideForm(AdminForm):
    decision = choice("您看是哪一种", DECISIONS, "选一种。")
    main = choice("合在一起的话，并入哪一件", [], "选一件没办完的。", required=False)
    reason = words("理由", rows=2, required=False)

    def __init__(self, *args: Any, cluster: Cluster, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = [case for case in cluster.cases if case.state in OPEN]
        field = self.fields["main"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(case.pk), f"{case.title}\n{case.number} · {case.get_state_display()}")
            for case in running
        ]
        if running:
            field.initial = str(running[0].pk)

    def act(self, actor: Actor, cluster_id: int) -> str:
        """Returns the sentence that is said then."""
        said, at = self.cleaned_data, clock.now()
        if said["decision"] == "dismiss":
            dismiss_cluster(actor, cluster_id=cluster_id, reason=said["reason"], at=at)
            return "记下了：不是一回事。这几件照常各办各的。"
        main_id = int(said["main"] or 0) if said["decision"] == "merge" else None
        done = confirm_cluster(
            actor, cluster_id=cluster_id, main_id=main_id, reason=said["reason"], at=at
        )
        return _done(done, merging=main_id is not None)


def _done(done: "Confirmed", *, merging: bool) -> str:
    if not merging:
        return "记下了：是一串，各办各的。"
    left = f"{'、'.join(done.left)} 已经派出去或办过了，照常办完。" if done.left else ""
    merged = f"并入了 {len(done.merged)} 件，反映的人会收到通知。" if done.merged else ""
    return merged + left


@staff(Permission.CASE_LINK)
@require_safe
def clusters(request: Any) -> HttpResponse:
    rows = list(list_proposals(request.actor)[: PAGE + 1])
    total = len(rows) if len(rows) <= PAGE else count_proposals(request.actor)
    shown = list_clusters(request.actor, rows=rows[:PAGE])
    context = {
        "rows": [_row(one) for one in shown],
        "total": capped(total, cap=CAP),
        "more": len(rows) > PAGE,
    }
    return TemplateResponse(request, "work/clusters/list.html", context)


def _row(one: Cluster) -> dict[str, Any]:
    return {
        "cluster": one,
        "url": reverse("work:cluster", args=[one.id]),
        "cases": [(case, state_tone(case.state)) for case in one.cases],
    }


@staff(Permission.CASE_LINK)
@ask_or_act
def cluster(request: Any, cluster_id: int) -> HttpResponse:
    with looking(request):
        row = get_proposal(request.actor, cluster_id=cluster_id)
        [one] = list_clusters(request.actor, rows=[row])
    form = DecideForm(typed(request), cluster=one)
    if request.method == "POST":
        said = attempt(form, lambda: form.act(request.actor, cluster_id))
        if not form.errors:
            messages.success(request, said or "记下了。")
            return HttpResponseRedirect(reverse("work:clusters"))
    context = {
        "form": form,
        "row": _row(one),
        "decided": row if row.decided_at else None,
        "crumbs": [CRUMB, {"label": f"{one.category}，{one.community}"}],
    }
    return TemplateResponse(request, "work/clusters/cluster.html", context, status=form.status)
