"""名册: who mediates in the area of a judicial office."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import list_posted
from yukuai.disputes import actions
from yukuai.disputes.queries import get_mediator, list_kinds, list_mediators
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.workbench.fields import select, tell

NOBODY = "名册上没有这位调解员。"


class Specialties(forms.Form):
    use_required_attribute = False
    specialties = forms.MultipleChoiceField(
        label="擅长什么", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        kinds = self.fields["specialties"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = [(kind.code, kind.name) for kind in list_kinds(actor)]


class NewForm(Specialties):
    person = select("谁", [], "选一位有人民调解员岗位的人。")
    field_order = ["person", "specialties"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        posts = _posts(actor)
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [
            ("", "选一位" if posts else "没有还能列入的人"),
            *[(f"{p.user_id}-{p.division_id}", f"{p.user}，{p.division.name}") for p in posts],
        ]


class ChangeForm(Specialties):
    active = forms.BooleanField(label="在名册上，可以指派", required=False)


def _area(actor: Actor) -> str:
    return next(iter(actor.paths_for(Permission.MEDIATOR_MANAGE)), "")


def _posts(actor: Actor) -> list[Any]:
    """Posts of mediators whose holders are not on the register of that place yet."""
    known = {(one.user_id, one.division_id) for one in list_mediators(actor, area=_area(actor))}
    posts = list_posted(
        actor, area=_area(actor), permission=Permission.DISPUTE_MEDIATE, at=clock.now()
    )
    return [post for post in posts if (post.user_id, post.division_id) not in known]


@staff(Permission.MEDIATOR_MANAGE)
@require_http_methods(["GET", "POST"])
def mediators(request: Any) -> HttpResponse:
    if request.method != "POST":
        return _page(request, NewForm(actor=request.actor), 200)
    with reading(request):
        form = NewForm(request.POST, actor=request.actor)
        if not form.is_valid():
            return _page(request, form, InvalidInput.status).render()
    user_id, _, division_id = form.cleaned_data["person"].partition("-")
    try:
        made = actions.register_mediator(
            request.actor,
            user_id=int(user_id),
            division_id=int(division_id),
            specialties=form.cleaned_data["specialties"],
            at=clock.now(),
        )
    except InvalidInput as error:
        tell(form, error)
        with reading(request):
            return _page(request, form, error.status).render()
    messages.success(request, f"{made.name}列入名册了。")
    return HttpResponseRedirect(reverse("work:mediators"))


def _page(request: Any, form: NewForm, status: int) -> TemplateResponse:
    kinds = {kind.code: kind.name for kind in list_kinds(request.actor)}
    rows = [
        (one, "、".join(kinds[code] for code in one.specialties if code in kinds))
        for one in list_mediators(request.actor, area=_area(request.actor))
    ]
    context = {"form": form, "rows": rows}
    return TemplateResponse(request, "work/mediation/mediators.html", context, status=status)


@staff(Permission.MEDIATOR_MANAGE)
@require_http_methods(["GET", "POST"])
def mediator(request: Any, mediator_id: int) -> HttpResponse:
    if request.method != "POST":
        return _one(request, mediator_id, None, 200)
    with reading(request):
        form = ChangeForm(request.POST, actor=request.actor)
        if not form.is_valid():
            return _one(request, mediator_id, form, InvalidInput.status).render()
        _get(request.actor, mediator_id)
    changed = actions.change_mediator(
        request.actor,
        mediator_id=mediator_id,
        specialties=form.cleaned_data["specialties"],
        active=form.cleaned_data["active"],
        at=clock.now(),
    )
    messages.success(request, f"{changed.name}的名册信息改好了。")
    return HttpResponseRedirect(reverse("work:mediators"))


def _get(actor: Actor, mediator_id: int) -> Any:
    found = get_mediator(actor, mediator_id=mediator_id)
    if not found.area.startswith(_area(actor)):
        raise NotFound(NOBODY)
    return found


def _one(request: Any, mediator_id: int, form: ChangeForm | None, status: int) -> TemplateResponse:
    found = _get(request.actor, mediator_id)
    known = {"specialties": found.specialties, "active": found.active}
    context = {
        "form": form or ChangeForm(actor=request.actor, initial=known),
        "mediator": found,
    }
    return TemplateResponse(request, "work/mediation/mediator.html", context, status=status)
