"""可能重复的人: two records side by side, made one by somebody who knows, and parted again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError
from yukuai.registry.actions.merging import merge_people, say_not_same, unmerge
from yukuai.registry.queries.duplicates import (
    Pair,
    compare,
    get_merge,
    get_pair,
    list_duplicates,
    list_merges,
)
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.paging import by_moment
from yukuai.workbench.fields import choice, words

P = Permission
LIST = {"label": "可能重复的人", "url": "/work/registry/duplicates/"}


class MergeForm(AdminForm):
    reason = words("怎么知道是同一个人", "写明怎么知道是同一个人。", rows=2)

    def __init__(self, data: Any, *, pair: Pair) -> None:
        super().__init__(data)
        both = [(str(pair.one.pk), "左边那条"), (str(pair.other.pk), "右边那条")]
        self.fields["kept"] = choice("留下哪一条", both, "选留下哪一条。")


@staff(P.REGISTRY_MERGE)
@require_safe
def listed(request: Any) -> HttpResponse:
    context = {"pairs": list_duplicates(request.actor), "crumbs": [{"label": LIST["label"]}]}
    return TemplateResponse(request, "work/duplicates/list.html", context)


@staff(P.REGISTRY_MERGE)
@ask_or_act
def pair(request: Any, one_id: int, other_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        found = get_pair(actor, one_id=one_id, other_id=other_id)
        compared = compare(actor, pair=found)
    form = MergeForm(typed(request), pair=found)
    if request.method == "POST":
        merge = attempt(form, lambda: _merge(actor, form, found))
        if merge is not None:
            messages.success(request, "合并好了。合错了可以在“合并记录”里原样分开。")
            return HttpResponseRedirect(reverse("work:merges"))
    context = {
        "form": form,
        "pair": found,
        "compared": compared,
        "crumbs": [LIST, {"label": found.one.name}],
    }
    return TemplateResponse(request, "work/duplicates/pair.html", context, status=form.status)


def _merge(actor: Any, form: MergeForm, found: Pair) -> Any:
    kept = int(form.cleaned_data["kept"])
    gone = found.other.pk if kept == found.one.pk else found.one.pk
    reason = form.cleaned_data["reason"]
    return merge_people(actor, kept_id=kept, gone_id=gone, reason=reason, at=clock.now())


@staff(P.REGISTRY_MERGE)
@require_POST
def two(request: Any, one_id: int, other_id: int) -> HttpResponse:
    say_not_same(request.actor, one_id=one_id, other_id=other_id, at=clock.now())
    messages.success(request, "记下了，这两条不再列出来。")
    return HttpResponseRedirect(reverse("work:duplicates"))


@staff(P.REGISTRY_MERGE)
@require_safe
def merges(request: Any) -> HttpResponse:
    context = {
        "page": by_moment(request, list_merges(request.actor), "merged_at"),
        "now": clock.now(),
        "crumbs": [LIST, {"label": "合并记录"}],
    }
    return TemplateResponse(request, "work/duplicates/merges.html", context)


@staff(P.REGISTRY_MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Any, merge_id: int) -> HttpResponse:
    if request.method == "POST":
        return _undo(request, merge_id)
    context = {
        "merge": get_merge(request.actor, merge_id=merge_id),
        "crumbs": [LIST, {"label": "合并记录", "url": reverse("work:merges")}],
    }
    return TemplateResponse(request, "work/duplicates/undo.html", context)


def _undo(request: Any, merge_id: int) -> HttpResponse:
    try:
        unmerge(request.actor, merge_id=merge_id, at=clock.now())
    except DomainError as error:
        if error.status != 409:
            raise
        messages.error(request, error.message)
    else:
        messages.success(request, "分开了，两条都和合并以前一样。")
    return HttpResponseRedirect(reverse("work:merges"))
