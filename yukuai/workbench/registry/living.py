"""人房关联 on the pages: moving in and out, households, services."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.registry import actions, saying
from yukuai.registry.queries import homes
from yukuai.registry.queries.reading import get_record
from yukuai.registry.states import Kind, Living
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.fields import number, tidy
from yukuai.workbench.registry.forms import CareForm, LivingForm, MemberForm, MoveOutForm
from yukuai.workbench.registry.places import crumbs_of, record_url, title_of

P = Permission
MOST = 20


def _answer(
    request: Any, form: AdminForm, row: Any, act: Callable[[], object], done: str, **words: Any
) -> HttpResponse:
    """One form about one record: act and go back to it, or show the form with what is wrong."""
    back = record_url(row)
    if request.method == "POST":
        attempt(form, act)
        if not form.errors:
            messages.success(request, done)
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "back_url": back,
        "crumbs": crumbs_of(row, (words["title"], "")),
        **words,
    }
    template = words.get("template", "work/admin/form.html")
    return TemplateResponse(request, template, context, status=form.status)


@staff(P.REGISTRY_EDIT)
@never_cache
@ask_or_act
def arrive(request: Any, dwelling_id: int) -> HttpResponse:
    """Somebody who is registered already moves in here: found by his whole name."""
    with looking(request):
        row = get_record(request.actor, kind=Kind.DWELLING, record_id=dwelling_id)
        name = tidy(request.GET.get("name", ""), most=40)
        found = (
            homes.find_namesakes(request.actor, area=row.division.path, name=name, most=MOST)
            if name
            else ()
        )
    form = LivingForm(typed(request), initial={"living": Living.RESIDENT, "since": None})
    person_id = number(request.POST.get("person", "")) or 0
    return _answer(
        request,
        form,
        row,
        lambda: actions.move_in(
            request.actor,
            person_id=person_id,
            dwelling_id=row.pk,
            **form.cleaned_data,
            at=clock.now(),
        ),
        "住进来了。",
        title="登记过的人住进来",
        lead=title_of(row),
        template="work/registry/arrive.html",
        found=found,
        name=name,
        here=row.division,
        dwelling_id=row.pk,
    )


@staff(P.REGISTRY_EDIT)
@never_cache
@ask_or_act
def move_out(request: Any, occupancy_id: int) -> HttpResponse:
    at = clock.now()
    with looking(request):
        spell = homes.get_spell(request.actor, occupancy_id=occupancy_id)
        row = get_record(request.actor, kind=Kind.PERSON, record_id=spell.person_id)
    form = MoveOutForm(typed(request), initial={"until": today(at)})
    door = saying.door_of(spell.dwelling)
    return _answer(
        request,
        form,
        row,
        lambda: actions.move_out(
            request.actor, occupancy_id=spell.pk, until=form.cleaned_data["until"], at=at
        ),
        f"记下了，{row.name}从{door}搬走了。",
        title=f"{row.name}从{door}搬走",
        button="记搬走",
        no="没有搬",
    )


@staff(P.REGISTRY_EDIT)
@never_cache
@ask_or_act
def join(request: Any, household_id: int) -> HttpResponse:
    """Who lives behind the same door and belongs to nobody yet."""
    with looking(request):
        row = get_record(request.actor, kind=Kind.HOUSEHOLD, record_id=household_id)
        people = homes.list_dwellers_without(request.actor, household=row)
        form = MemberForm(typed(request), people=[(str(one.pk), one.name) for one in people])
    return _answer(
        request,
        form,
        row,
        lambda: _join(request, row.pk, number(form.cleaned_data["person"]) or 0, form),
        "加进这一户了。",
        title="加一位家庭成员",
        lead="列出的是住在这间房、还没有归户的人。",
        button="加进来",
        no="不加了",
        template="work/registry/join.html",
        people=people,
    )


@staff(P.REGISTRY_EDIT)
@never_cache
@ask_or_act
def choose_household(request: Any, person_id: int) -> HttpResponse:
    """Into one of the households behind the doors where he lives, with his place in it."""
    with looking(request):
        row = get_record(request.actor, kind=Kind.PERSON, record_id=person_id)
        households = homes.list_joinable(request.actor, person=row)
        members = homes.list_members(request.actor, household_ids=[one.pk for one in households])
        options = [(str(one.pk), saying.names_of(one, members)) for one in households]
        form = MemberForm(typed(request), people=options)
    form.fields["person"].label = "哪一户"
    return _answer(
        request,
        form,
        row,
        lambda: _join(request, number(form.cleaned_data["person"]) or 0, row.pk, form),
        "归到这一户了。",
        title=f"{row.name}归户",
        lead="列出的是他住的房里的户。要新立一户，打开那间房来登记。",
        button="归到这一户",
        no="先不归",
        template="work/registry/join.html",
        people=households,
    )


def _join(request: Any, household_id: int, person_id: int, form: MemberForm) -> object:
    return actions.join_household(
        request.actor,
        household_id=household_id,
        person_id=person_id,
        relation=form.cleaned_data["relation"],
        since=form.cleaned_data["since"],
        at=clock.now(),
    )


@staff(P.REGISTRY_EDIT)
@never_cache
@ask_or_act
def leave(request: Any, person_id: int) -> HttpResponse:
    at = clock.now()
    with looking(request):
        row = get_record(request.actor, kind=Kind.PERSON, record_id=person_id)
    form = MoveOutForm(typed(request), initial={"until": today(at)})
    form.fields["until"].label = "哪天离开这一户的"
    return _answer(
        request,
        form,
        row,
        lambda: actions.leave_household(
            request.actor, person_id=row.pk, until=form.cleaned_data["until"], at=at
        ),
        f"记下了，{row.name}不在这一户了。",
        title=f"{row.name}离开这一户",
        button="记离开",
        no="没有离开",
    )


@staff(P.REGISTRY_EDIT)
@never_cache
@ask_or_act
def tag_care(request: Any, person_id: int) -> HttpResponse:
    at = clock.now()
    with looking(request):
        row = get_record(request.actor, kind=Kind.PERSON, record_id=person_id)
        form = CareForm(typed(request), initial={"since": today(at)})
    return _answer(
        request,
        form,
        row,
        lambda: actions.tag_care(request.actor, person_id=row.pk, **form.cleaned_data, at=at),
        "记下了。只用来上门服务。",
        title=f"给{row.name}加服务标签",
        lead="只作服务用。写明依据哪份文件或证明；矫正、吸毒等不记在这里。",
        button="加上",
        no="不加了",
    )


@staff(P.REGISTRY_EDIT)
@never_cache
@ask_or_act
def end_care(request: Any, tag_id: int) -> HttpResponse:
    at = clock.now()
    with looking(request):
        tag, label = homes.get_care(request.actor, tag_id=tag_id)
        row = get_record(request.actor, kind=Kind.PERSON, record_id=tag.person_id)
    form = MoveOutForm(typed(request), initial={"until": today(at)})
    form.fields["until"].label = "从哪天起不再是"
    return _answer(
        request,
        form,
        row,
        lambda: actions.end_care(
            request.actor, tag_id=tag.pk, until=form.cleaned_data["until"], at=at
        ),
        f"“{label}”结束了，记录还在。",
        title=f"结束{row.name}的“{label}”",
        button="结束",
        no="不结束",
    )
