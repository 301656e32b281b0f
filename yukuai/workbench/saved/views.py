"""常用筛选: an officer names what he filters by, and keeps the names in order."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.cases.actions import saving
from yukuai.cases.saved import MOST, get_saved_filter, list_saved_filters
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict, NotFound
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.casework.filtering import describe, read_filter
from yukuai.workbench.fields import line, number
from yukuai.workbench.saved.chips import url_of

if TYPE_CHECKING:
    from yukuai.cases.models import SavedFilter

P = Permission
CRUMBS = [{"label": "社区直通车", "url": "/work/cases/"}]


class NameForm(AdminForm):
    name = line("名字", "起个名字，例如“本周到期”。", help="最多 20 个字，显示在列表上面。")


@staff(P.CASE_VIEW)
@require_safe
def mine(request: Any) -> HttpResponse:
    actor = request.actor
    rows = list_saved_filters(actor)
    own = [row for row in rows if row.user_id == actor.user_id]
    context = {
        "own": [(row, url_of(row)) for row in own],
        "shared": [(row, url_of(row)) for row in rows if row.user_id != actor.user_id],
        "last": len(own),
        "most": MOST,
        "removed": _removed(request),
        "crumbs": [*CRUMBS, {"label": "常用筛选"}],
    }
    return TemplateResponse(request, "work/saved/list.html", context)


def _removed(request: Any) -> "SavedFilter | None":
    """What was deleted a moment ago, to be put back with one press."""
    wanted = number(request.GET.get("removed", ""))
    try:
        return get_saved_filter(request.actor, filter_id=wanted, removed=True) if wanted else None
    except NotFound:
        return None


@staff(P.CASE_VIEW)
@ask_or_act
def save(request: Any) -> HttpResponse:
    """The filter stands in the address, as on the list it was set on."""
    with looking(request):
        asked = read_filter(request.actor, request.GET)
    form = NameForm(typed(request))
    back = f"{reverse('work:cases')}?{asked.query}"
    if request.method == "POST":
        attempt(
            form,
            lambda: saving.save_filter(
                request.actor,
                name=form.cleaned_data["name"],
                query=asked.kept,
                at=clock.now(),
            ),
        )
        if not form.errors:
            messages.success(request, f"存好了：{form.cleaned_data['name']}。")
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": "存下这个筛选",
        "said": describe(asked),
        "button": "存下来",
        "no": "不存",
        "back_url": back,
        "crumbs": [*CRUMBS, {"label": "存下这个筛选"}],
    }
    return TemplateResponse(request, "work/saved/save.html", context, status=form.status)


@staff(P.CASE_VIEW)
@ask_or_act
def rename(request: Any, filter_id: int) -> HttpResponse:
    with looking(request):
        row = get_saved_filter(request.actor, filter_id=filter_id)
    form = NameForm(typed(request), initial={"name": row.name})
    if request.method == "POST":
        attempt(
            form,
            lambda: saving.rename_filter(
                request.actor,
                filter_id=filter_id,
                name=form.cleaned_data["name"],
                at=clock.now(),
            ),
        )
        if not form.errors:
            messages.success(request, f"改好了：{form.cleaned_data['name']}。")
            return HttpResponseRedirect(reverse("work:filters"))
    crumbs = [*CRUMBS, {"label": "常用筛选", "url": reverse("work:filters")}, {"label": "改名"}]
    context = {
        "form": form,
        "title": f"给“{row.name}”改名",
        "button": "改成这个名字",
        "back_url": reverse("work:filters"),
        "crumbs": crumbs,
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


@staff(P.CASE_VIEW)
@require_POST
def change(request: Any, filter_id: int, act: str) -> HttpResponse:
    """A place further, shared or not, deleted or put back: one press each."""
    step = STEPS.get(act)
    if step is None:
        raise NotFound("没有这一步。请回到常用筛选。")
    try:
        said, query = step(request.actor, filter_id)
    except Conflict as error:
        said, query = "", ""
        messages.error(request, error.message)
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(f"{reverse('work:filters')}{query}")


def _move(up: bool) -> Callable[[Any, int], tuple[str, str]]:
    def step(actor: Any, filter_id: int) -> tuple[str, str]:
        saving.move_filter(actor, filter_id=filter_id, up=up, at=clock.now())
        return "", ""

    return step


def _share(shared: bool) -> Callable[[Any, int], tuple[str, str]]:
    def step(actor: Any, filter_id: int) -> tuple[str, str]:
        saving.share_filter(actor, filter_id=filter_id, shared=shared, at=clock.now())
        return ("同单位的同事现在也看得到。" if shared else "只有您自己看得到了。"), ""

    return step


def _remove(actor: Any, filter_id: int) -> tuple[str, str]:
    saving.remove_filter(actor, filter_id=filter_id, at=clock.now())
    return "", f"?removed={filter_id}"


def _restore(actor: Any, filter_id: int) -> tuple[str, str]:
    row = saving.restore_filter(actor, filter_id=filter_id, at=clock.now())
    return f"放回来了：{row.name}。", ""


STEPS: dict[str, Callable[[Any, int], tuple[str, str]]] = {
    "up": _move(True),
    "down": _move(False),
    "share": _share(True),
    "unshare": _share(False),
    "remove": _remove,
    "restore": _restore,
}
