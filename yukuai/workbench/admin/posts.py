"""岗位: who holds which office where, appointing, and ending a term."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.actions import appoint, end_post
from yukuai.accounts.policy import Actor, Permission, Role
from yukuai.accounts.queries import (
    get_post,
    get_staff,
    list_departments_at,
    list_ended_posts,
    list_running_posts,
    list_staff,
)
from yukuai.accounts.roles import ROLES, is_post_role
from yukuai.accounts.rules import place_problem
from yukuai.cases.queries import CAP, count_capped
from yukuai.divisions.queries import list_ancestors
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.kernel.wording import capped
from yukuai.workbench.admin.asking import (
    AdminForm,
    DayField,
    Question,
    ask_or_act,
    attempt,
    begins,
    confirm,
    ends,
    looking,
    typed,
)
from yukuai.workbench.admin.paging import ascending, by_moment, number, tidy
from yukuai.workbench.admin.places import PlaceSearch, area_of, search_place
from yukuai.workbench.fields import choice, line, select, words

if TYPE_CHECKING:
    from yukuai.accounts.models import Post, User
    from yukuai.divisions.models import Division

P = Permission
PEOPLE_SHOWN = 12
ROLE_CHOICES = [
    (r.value, f"{ROLES[r].label}\n{ROLES[r].description}") for r in Role if is_post_role(r)
]
ROLE_WORDS = [("", "全部"), *[(r.value, ROLES[r].label) for r in Role if is_post_role(r)]]
CRUMB: dict[str, Any] = {"label": "岗位", "url": reverse_lazy("work:posts")}


class FilterForm(forms.Form):
    use_required_attribute = False
    q = line("姓名或工号", required=False)
    role = select("角色", ROLE_WORDS, required=False)


class RoleForm(AdminForm):
    """Whom, as what, where: the first step, in the address."""

    role = choice("什么角色", ROLE_CHOICES, "请选一个角色。")


class TermForm(AdminForm):
    """The second step: from when to when, with what further sight, and why."""

    department = select("哪个部门", [], "请选部门。")
    title = line("职务", required=False, help="例如：基层治理办主任。")
    valid_from = DayField("从哪天起")
    valid_to = DayField(
        "到哪天为止", required=False, help_text="含这一天；不填就一直到结束岗位为止。"
    )
    search = select("能查到多大范围", [], required=False)
    statistics = select("能看多大范围的数字", [], required=False)
    reason = words("任命理由", "请写明理由，以后查得到。", rows=3)

    def __init__(
        self, *args: Any, actor: Actor, role: Role, division: "Division", **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        wider = _wider(actor, division)
        self._choose("search", wider)
        self._choose("statistics", wider)
        if ROLES[role].department:
            rows = list_departments_at(actor, division_ids=[division.pk])
            self._choose("department", [("", "选一个部门"), *[(str(d.pk), d.name) for d in rows]])
        else:
            del self.fields["department"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def said(self, name: str) -> int | None:
        return number(str(self.cleaned_data.get(name) or ""))


@staff(P.POST_MANAGE)
@require_safe
def running(request: Any) -> HttpResponse:
    rows, context = _narrowed(request, list_running_posts)
    page = ascending(request, rows, ("area", "role", "pk"))
    return TemplateResponse(
        request, "work/admin/posts/list.html", {**context, "page": page, "tab": "running"}
    )


@staff(P.POST_MANAGE)
@require_safe
def ended(request: Any) -> HttpResponse:
    rows, context = _narrowed(request, list_ended_posts)
    page = by_moment(request, rows, "valid_to")
    return TemplateResponse(
        request, "work/admin/posts/list.html", {**context, "page": page, "tab": "ended"}
    )


@staff(P.POST_MANAGE)
@require_safe
def new(request: Any) -> HttpResponse:
    """Step one: person, role, place. When all three are known, on to the term."""
    actor, asked = request.actor, request.GET
    person, people = find_person(actor, asked)
    search = search_place(actor, asked, within=area_of(actor, P.POST_MANAGE))
    form = RoleForm(asked) if "go" in asked else RoleForm(initial={"role": asked.get("role")})
    objections = []
    if "go" in asked:
        form.is_valid()
        objections = _objections(form, person, search)
        if not objections and person and search.chosen:
            said = {"user": person.pk, "role": asked["role"], "division": search.chosen.pk}
            return HttpResponseRedirect(f"{reverse('work:post-term')}?{urlencode(said)}")
    context = {
        "form": form,
        "member": person,
        "people": people,
        "who": tidy(asked.get("who", "")),
        "search": search,
        "objections": objections,
        "crumbs": [CRUMB, {"label": "任命"}],
    }
    return TemplateResponse(request, "work/admin/posts/new.html", context)


@staff(P.POST_MANAGE)
@ask_or_act
def term(request: Any) -> HttpResponse:
    at, again_url = clock.now(), f"{reverse('work:post-new')}?{request.GET.urlencode()}"
    with looking(request):
        found = _appointment(request.actor, request.GET)
        if found is None:
            return HttpResponseRedirect(f"{again_url}&go=1")
        person, role, division, place = found
        form = TermForm(
            typed(request),
            actor=request.actor,
            role=role,
            division=division,
            initial={"valid_from": clock.today(at)},
        )
        form.is_valid()  # looks up nothing, but may read the choices
    if request.method == "POST":
        attempt(form, lambda: _appoint(request.actor, form, person, role, division))
        if not form.errors:
            messages.success(request, f"任命了{person}：{ROLES[role].label}，{division}。")
            return HttpResponseRedirect(reverse("work:staff-member", args=[person.pk]))
    context = {
        "form": form,
        "member": person,
        "role": ROLES[role],
        "place": place,
        "no_department": "department" in form.fields and len(form.fields["department"].choices) < 2,  # type: ignore[attr-defined]
        "again_url": again_url,
        "button": "任命",
        "no": "不任命了",
        "back_url": reverse("work:posts"),
        "crumbs": [CRUMB, {"label": "任命"}],
    }
    return TemplateResponse(request, "work/admin/posts/term.html", context, status=form.status)


@staff(P.POST_MANAGE)
@ask_or_act
def end(request: Any, post_id: int) -> HttpResponse:
    at = clock.now()
    with looking(request):
        post = get_post(request.actor, post_id=post_id)
    where = f"{post.place}的{post.role_label}"
    back = reverse("work:staff-member", args=[post.user_id])
    question = Question(
        title=f"结束{post.user}的岗位？",
        follows=(
            f"结束的是：{where}{f'（{post.title}）' if post.title else ''}。",
            "结束后当场退出登录；他再登录时，只剩别的在任岗位。",
            "派给这个单位的事不受影响，还在原来的单位手里。",
            "岗位留在“已结束”里，理由和办的人都查得到。要恢复，重新任命。",
        ),
        yes="结束岗位",
        no="不结束",
        back_url=back,
        done=f"{post.user}的岗位已结束：{where}。",
        crumbs=[CRUMB, {"label": str(post.user), "url": back}, {"label": "结束岗位"}],
    )
    return confirm(
        request,
        question,
        lambda reason: end_post(request.actor, post_id=post_id, reason=reason, at=at),
    )


def find_person(actor: Actor, asked: Any) -> "tuple[User | None, list[User]]":
    """One member of staff by id or number, or those of a name to choose from."""
    at = clock.now()
    pk = number(asked.get("user", ""))
    if pk is not None:
        try:
            return get_staff(actor, user_id=pk, at=at), []
        except NotFound:
            return None, []
    text = tidy(asked.get("who", ""))
    found = list(list_staff(actor, text=text, at=at)[:PEOPLE_SHOWN]) if text else []
    exact = [user for user in found if user.username == text.lower()]
    if len(found) == 1 or exact:
        return (exact or found)[0], []
    return None, found


def _narrowed(request: Any, query: Any) -> tuple[Any, dict[str, Any]]:
    actor, form = request.actor, FilterForm(request.GET)
    form.is_valid()
    search = search_place(actor, request.GET, within=area_of(actor, P.POST_MANAGE))
    text, role = tidy(form.cleaned_data.get("q", "")), form.cleaned_data.get("role") or ""
    area = search.chosen.path if search.chosen else ""
    rows = query(actor, area=area, role=role, text=text, at=clock.now())
    narrowed = bool(text or role or search.chosen or search.text)
    return rows, {
        "form": form,
        "search": search,
        "narrowed": narrowed,
        "total": capped(count_capped(rows), cap=CAP),
        "crumbs": [{"label": "岗位"}],
    }


def _objections(form: RoleForm, person: "User | None", search: PlaceSearch) -> list[str]:
    """What step one still lacks, sentence by sentence."""
    said = [] if person else ["请找到要任命的人，再选中他。"]
    if not search.chosen:
        said.append("请找到任职的地方，再选中它。")
    role = form.cleaned_data.get("role") if form.is_valid() else None
    if role is None:
        said.append("请选一个角色。")
    elif search.chosen:
        rule = ROLES[Role(role)]
        kind = search.chosen.kind
        if problem := place_problem(Role(role), kind=kind, has_department=rule.department):
            said.append(problem)
    return said


def _appointment(actor: Actor, asked: Any) -> "tuple[User, Role, Division, str] | None":
    person, _people = find_person(actor, asked)
    search = search_place(actor, asked, within=area_of(actor, P.POST_MANAGE))
    form = RoleForm(asked)
    if _objections(form, person, search) or person is None or search.chosen is None:
        return None
    return person, Role(form.cleaned_data["role"]), search.chosen, search.place


def _wider(actor: Actor, division: "Division") -> list[tuple[str, str]]:
    """The place itself, or one above it that the administrator is in charge of too."""
    mine = area_of(actor, P.POST_MANAGE)
    above = [d for d in list_ancestors(actor, division=division) if d.path.startswith(mine)]
    return [("", f"只有{division}"), *[(str(d.pk), str(d)) for d in reversed(above)]]


def _appoint(
    actor: Actor, form: TermForm, person: "User", role: Role, division: "Division"
) -> "Post":
    at, said = clock.now(), form.cleaned_data
    return appoint(
        actor,
        user_id=person.pk,
        role=role.value,
        division_id=division.pk,
        department_id=form.said("department"),
        title=said["title"],
        valid_from=begins(said["valid_from"], at=at),
        valid_to=ends(said["valid_to"]),
        search_division_id=form.said("search"),
        statistics_division_id=form.said("statistics"),
        reason=said["reason"],
        at=at,
    )
