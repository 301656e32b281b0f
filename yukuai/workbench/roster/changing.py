"""排班: who sits when; a change is a new line, the old one stays readable."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission, require
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.kernel.wording import day as day_said
from yukuai.kernel.wording import weekday
from yukuai.roster import actions
from yukuai.roster.queries import (
    Desk,
    get_assignment,
    get_shift,
    list_assigned,
    list_candidates,
)
from yukuai.roster.rules import monday_of, week_of
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.fields import choice, line, number
from yukuai.workbench.roster.views import crumb_of, roster_url, wanted_desk, wanted_week

P = Permission
NO_CELL = "值班表里没有这一格。请回到值班表重新选。"
DAYS = [(n, f"星期{word}") for n, word in enumerate("一二三四五六日", start=1)]


class TimeOfDay(forms.TimeField):
    def __init__(self, label: str) -> None:
        sentence = "写几点几分，例如 8:30。"
        super().__init__(
            label=label,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            error_messages={"required": sentence, "invalid": sentence},
        )


class ShiftForm(AdminForm):
    name = line("班次叫什么", "给班次起个名字，例如：早班。")
    starts = TimeOfDay("从几点")
    ends = TimeOfDay("到几点")
    weekdays = forms.TypedMultipleChoiceField(
        label="星期几有",
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "选一选星期几有这个班，至少一天。"},
    )


class PickForm(AdminForm):
    """One answer out of a list made for the occasion."""

    pick = choice("谁来值", [], "选一个。")

    def __init__(self, data: Any, *, label: str, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field: Any = self.fields["pick"]
        field.label, field.choices = label, choices


@staff(P.ROSTER_MANAGE)
@ask_or_act
def assign_one(request: Any) -> HttpResponse:
    """An officer for a cell of the table."""
    at, actor = clock.now(), request.actor
    shift_id, day = number(request.GET.get("shift", "")), _day(request.GET.get("day", ""))
    if shift_id is None or day is None:
        raise NotFound(NO_CELL)
    with looking(request):
        shift = get_shift(actor, shift_id=shift_id)
        desk = Desk(shift.division, shift.department)
        require(actor, P.ROSTER_MANAGE, desk)
        people = [(f"{p.pk}", _who(p)) for p in list_candidates(actor, desk=desk, at=at)]
        form = PickForm(typed(request), label="谁来值", choices=people)
    if request.method == "POST":
        attempt(form, lambda: _assign(actor, form, shift_id, day, at))
        if not form.errors:
            messages.success(request, "排好了。换人、对换、取消，在表里点名字。")
            return HttpResponseRedirect(roster_url(desk, monday_of(day)))
    title = f"{day_said(day, now=at)}{weekday(day)}{shift.name}，谁来值"
    lead = f"{desk.name}，{shift.hours}。值班的时候，新来的事先告诉他。"
    return _form(request, form, desk, day, title=title, lead=lead, button="排上")


def _assign(actor: Any, form: PickForm, shift_id: int, day: date, at: Any) -> object:
    post_id = number(form.cleaned_data["pick"]) or 0
    return _told(lambda: actions.assign(actor, shift_id=shift_id, day=day, post_id=post_id, at=at))


def _told(act: Any) -> object:
    """The one field of the form is named after nothing in particular."""
    try:
        return act()
    except InvalidInput as error:
        raise InvalidInput(error.message, fields={"pick": error.message}) from error


@staff(P.ROSTER_MANAGE)
@ask_or_act
def change(request: Any, assignment_id: int) -> HttpResponse:
    """Somebody else, a swap with another shift, or nobody."""
    at, actor = clock.now(), request.actor
    with looking(request):
        row = get_assignment(actor, assignment_id=assignment_id)
        desk = Desk(row.division, row.department)
        require(actor, P.ROSTER_MANAGE, desk)
        form = PickForm(typed(request), label="怎么改", choices=_ways(request, row, desk, at))
    if request.method == "POST":
        attempt(form, lambda: _change(actor, row.pk, form.cleaned_data["pick"], at))
        if not form.errors:
            messages.success(request, "改好了。原来是谁、谁改的，在“改过哪些”里。")
            return HttpResponseRedirect(roster_url(desk, monday_of(row.day)))
    title = f"{day_said(row.day, now=at)}{weekday(row.day)}{row.shift.name}，现在是{row.post.user}"
    return _form(request, form, desk, row.day, title=title, lead=desk.name, button="改过来")


def _ways(request: Any, row: Any, desk: Desk, at: Any) -> list[tuple[str, str]]:
    people = list_candidates(request.actor, desk=desk, at=at)
    days = week_of(monday_of(row.day))
    others = list_assigned(request.actor, desk=desk, since=days[0], until=days[-1])
    ways = [(f"to-{p.pk}", f"换成{_who(p)}") for p in people if p.pk != row.post_id]
    ways += [
        (f"swap-{o.pk}", f"和{o.post.user}对换（{weekday(o.day)}{o.shift.name}）")
        for o in others
        if o.post_id != row.post_id and o.ends_at > at
    ]
    return [*ways, ("off", "取消，这一班先空着")]


def _change(actor: Any, pk: int, way: str, at: Any) -> object:
    kind, _, other = way.partition("-")
    other_id = number(other) or 0
    if kind == "to":
        return _told(lambda: actions.replace(actor, assignment_id=pk, post_id=other_id, at=at))
    if kind == "swap":
        return _told(lambda: actions.swap(actor, assignment_id=pk, other_id=other_id, at=at))
    return actions.unassign(actor, assignment_id=pk, at=at)


@staff(P.ROSTER_MANAGE)
@require_POST
def copy(request: Any) -> HttpResponse:
    at = clock.now()
    with reading(request):
        desk = wanted_desk(request)
    monday = wanted_week(request, monday_of(today(at)))
    made = actions.copy_week(request.actor, **_ids(desk), monday=monday, at=at)
    said = f"照上周排了 {made} 班。已经有人的、过去了的没有动。"
    messages.success(request, said if made else "没有可以照排的：上周没排，或者这周都有人了。")
    return HttpResponseRedirect(roster_url(desk, monday))


@staff(P.ROSTER_MANAGE)
@require_POST
def default_shifts(request: Any) -> HttpResponse:
    with reading(request):
        desk = wanted_desk(request)
    actions.use_default_shifts(request.actor, **_ids(desk), at=clock.now())
    messages.success(request, "装好了早班、晚班。时间不合适，可以停用了另定。")
    return HttpResponseRedirect(roster_url(desk))


@staff(P.ROSTER_MANAGE)
@ask_or_act
def new_shift(request: Any) -> HttpResponse:
    with looking(request):
        desk = wanted_desk(request)
        require(request.actor, P.ROSTER_MANAGE, desk)
    form = ShiftForm(typed(request), initial={"weekdays": [n for n, _ in DAYS]})
    if request.method == "POST":
        attempt(form, lambda: _add_shift(request.actor, desk, form))
        if not form.errors:
            messages.success(request, "定好了，可以排人了。")
            return HttpResponseRedirect(roster_url(desk))
    lead = f"{desk.name}。跨夜的班，结束写第二天的时刻，例如 20:30 到 8:30。"
    return _form(request, form, desk, None, title="定一个班次", lead=lead, button="定下来")


def _add_shift(actor: Any, desk: Desk, form: ShiftForm) -> object:
    return actions.add_shift(actor, **_ids(desk), **form.cleaned_data, at=clock.now())


@staff(P.ROSTER_MANAGE)
@ask_or_act
def end(request: Any, shift_id: int) -> HttpResponse:
    with looking(request):
        shift = get_shift(request.actor, shift_id=shift_id)
        desk = Desk(shift.division, shift.department)
        require(request.actor, P.ROSTER_MANAGE, desk)
    form = AdminForm(typed(request))
    if request.method == "POST":
        attempt(form, lambda: actions.end_shift(request.actor, shift_id=shift_id, at=clock.now()))
        if not form.errors:
            messages.success(request, f"停用了{shift.name}。")
            return HttpResponseRedirect(roster_url(desk))
    lead = "以后不再有这个班，已经排到以后的人也一起取消。过去的值班记录都留着。"
    title = f"停用{shift.name}（{shift.hours}）？"
    return _form(request, form, desk, None, title=title, lead=lead, button="停用")


def _form(
    request: Any, form: AdminForm, desk: Desk, day: date | None, **words: Any
) -> TemplateResponse:
    monday = monday_of(day) if day else None
    context = {
        **words,
        "form": form,
        "back_url": roster_url(desk, monday),
        "crumbs": [crumb_of(desk, monday), {"label": words["title"]}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


def _ids(desk: Desk) -> dict[str, Any]:
    return {"division_id": desk.division.pk, "department_id": desk.department_id}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _who(post: Any) -> str:
    return f"{post.user}（{post.title or post.role_label}）"
