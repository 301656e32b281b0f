"""部门: the offices that matters are given to, place by place."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.actions import close_department, create_department, rename_department
from yukuai.accounts.actions.departments import LEVELS
from yukuai.accounts.policy import Permission, check
from yukuai.accounts.queries import (
    count_posts_of,
    find_departments,
    get_department,
    list_departments_at,
)
from yukuai.cases.queries import count_by_unit
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.asking import (
    AdminForm,
    Question,
    ask_or_act,
    attempt,
    confirm,
    looking,
    typed,
)
from yukuai.workbench.admin.paging import ascending, tidy
from yukuai.workbench.admin.places import area_of, own_division, search_place
from yukuai.workbench.fields import line, words

if TYPE_CHECKING:
    from yukuai.accounts.models import Department

P = Permission
CRUMB: dict[str, Any] = {"label": "部门", "url": reverse_lazy("work:departments")}


class NewForm(AdminForm):
    name = line("部门名称", "请填部门名称。", help="写全称，例如：区城市管理局。")
    short_name = line("简称", required=False, help="列表里显示它；不填就用全称。")
    kind = line(
        "类别", required=False, help="各地同类部门用同一个词，例如：城市管理。事项类别靠它找部门。"
    )
    phone = line("电话", required=False)


class RenameForm(AdminForm):
    name = line("新名称", "请填部门名称。")
    short_name = line("简称", required=False, help="不填就用全称。")
    reason = words("为什么改", "请写明理由，以后查得到。", rows=3)


@staff(P.DEPARTMENT_MANAGE)
@require_safe
def departments(request: Any) -> HttpResponse:
    """Those of one place, at first the administrator's own; or those of a name, wherever."""
    actor, text = request.actor, tidy(request.GET.get("q", ""))
    search = search_place(actor, request.GET, within=area_of(actor, P.DEPARTMENT_MANAGE))
    here = search.chosen or (None if search.text else own_division(actor, P.DEPARTMENT_MANAGE))
    if text:
        area = search.chosen.path if search.chosen else area_of(actor, P.DEPARTMENT_MANAGE)
        rows, page = list(find_departments(actor, text=text, area=area)), None
    else:
        ids = [here.pk] if here else []
        found = list_departments_at(actor, division_ids=ids, include_closed=True)
        page = ascending(request, found, ("area", "order", "pk"))
        rows = list(page.rows)
    context = {
        "q": text,
        "search": search,
        "rows": [(row, bool(check(actor, P.DEPARTMENT_MANAGE, row))) for row in rows],
        "page": page,
        "here": here,
        "may_found": here is not None and here.kind in LEVELS,
        "crumbs": [{"label": "部门"}],
    }
    return TemplateResponse(request, "work/admin/departments/list.html", context)


@staff(P.DEPARTMENT_MANAGE)
@ask_or_act
def new(request: Any) -> HttpResponse:
    with looking(request):
        search = search_place(
            request.actor,
            {"division": request.GET.get("division", "")},
            within=area_of(request.actor, P.DEPARTMENT_MANAGE),
        )
    division = search.chosen
    if division is None:
        raise NotFound("先选好是哪里的部门。请回到部门页，选一个地方，再新建。")
    back, form = _back(division.pk), NewForm(typed(request))
    if request.method == "POST":
        attempt(
            form,
            lambda: create_department(
                request.actor, division_id=division.pk, **form.cleaned_data, at=clock.now()
            ),
        )
        if not form.errors:
            messages.success(request, f"建好了：{division}的{form.cleaned_data['name']}。")
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": f"在{division}新建部门",
        "lead": search.place,
        "button": "建部门",
        "no": "不建了",
        "back_url": back,
        "crumbs": [CRUMB, {"label": str(division), "url": back}, {"label": "新建"}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


@staff(P.DEPARTMENT_MANAGE)
@ask_or_act
def rename(request: Any, department_id: int) -> HttpResponse:
    with looking(request):
        department = get_department(request.actor, department_id=department_id)
    now = {"name": department.name, "short_name": department.short_name}
    form, back = RenameForm(typed(request), initial=now), _back(department.division_id)
    if request.method == "POST":
        attempt(
            form,
            lambda: rename_department(
                request.actor, department_id=department_id, **form.cleaned_data, at=clock.now()
            ),
        )
        if not form.errors:
            messages.success(request, f"{department}改名为{form.cleaned_data['name']}。")
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": f"给{department}改名",
        "lead": "以前的事和记录跟着部门走，不会因为改名丢掉。",
        "button": "改名",
        "back_url": back,
        "crumbs": _crumbs(department, "改名"),
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


@staff(P.DEPARTMENT_MANAGE)
@ask_or_act
def close(request: Any, department_id: int) -> HttpResponse:
    at = clock.now()
    with looking(request):
        department = get_department(request.actor, department_id=department_id)
        follows = _what_follows(request.actor, department)
    question = Question(
        title=f"撤销{department}？",
        follows=follows,
        yes="撤销部门",
        no="不撤销",
        back_url=_back(department.division_id),
        done=f"{department}已撤销。",
        crumbs=_crumbs(department, "撤销"),
    )
    return confirm(
        request,
        question,
        lambda reason: close_department(
            request.actor, department_id=department_id, reason=reason, at=at
        ),
    )


def _what_follows(actor: Any, department: "Department") -> list[str]:
    held = count_posts_of(actor, department_id=department.pk, at=clock.now())
    loads = count_by_unit(actor, areas=[department.area])
    load = loads.get((department.area, department.pk), 0)
    posts = (
        f"它还有 {held} 个岗位没有结束。要先请安全管理员结束这些岗位，才能撤销。"
        if held
        else "它名下没有在任的岗位，可以撤销。"
    )
    matters = (
        f"它手里还有 {load} 件没办完的事，撤销后没有人接。请先请上级改派。"
        if load
        else "它手里没有没办完的事。"
    )
    return [posts, matters, "撤销后不再派事给它；办过的事和记录都还查得到。"]


def _back(division_id: int) -> str:
    return f"{reverse('work:departments')}?{urlencode({'division': division_id})}"


def _crumbs(department: "Department", label: str) -> list[dict[str, Any]]:
    here = {"label": str(department.division), "url": _back(department.division_id)}
    return [CRUMB, here, {"label": f"{department}：{label}"}]
