"""主持联审, for the district: which departments are asked, which are late, what the joint meeting
has to decide. Every look at a person is audited."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import list_departments_at
from yukuai.elections import actions
from yukuai.elections.queries.reviews import (
    get_screening,
    home_of,
    list_panel,
    list_screenings,
    list_under_review,
    list_waiting,
    needs_meeting,
    open_screening,
)
from yukuai.elections.standing import Decision, Outcome, Settled
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.fields import choice, line, words
from yukuai.workbench.reviews.own import SEX, TONES

P = Permission
OUTCOMES = {Outcome.PENDING: "wait", Outcome.PASS: "done", Outcome.BAR: "late"}


def _crumbs(*more: str) -> list[dict[str, str]]:
    return [
        {"label": "主持联审", "url": reverse("work:reviews-led")},
        *({"label": m} for m in more),
    ]


@staff(P.ELECTION_LEAD_REVIEW)
@require_GET
@never_cache
def led(request: Any) -> HttpResponse:
    actor, at = request.actor, clock.now()
    people = list_screenings(actor, at=at)
    context = {
        "elections": list_under_review(actor),
        "departments": list_waiting(actor, at=at),
        "people": [
            (one, needs_meeting(one), OUTCOMES.get(Outcome(one.nominee.review), "wait"))
            for one in people
        ],
        "panel": list_panel(actor, division_id=home_of(actor)),
        "now": at,
        "crumbs": [],
    }
    return TemplateResponse(request, "work/reviews/led.html", context)


@staff(P.ELECTION_LEAD_REVIEW)
@require_POST
def ask(request: Any, number: str) -> HttpResponse:
    try:
        count = actions.ask_departments(request.actor, number=number, at=clock.now())
        said = f"分送了，要 {count} 份意见。" if count else "没有新的要送。"
        messages.success(request, said)
    except Conflict as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(reverse("work:reviews-led"))


class PanelForm(AdminForm):
    departments = forms.MultipleChoiceField(
        label="参加联审的部门",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一个部门。", "invalid_choice": "选本区县的部门。"},
    )


@staff(P.ELECTION_LEAD_REVIEW)
@ask_or_act
def panel(request: Any) -> HttpResponse:
    actor = request.actor
    with looking(request):
        home = home_of(actor)
        offered = list_departments_at(actor, division_ids=[home])
        choices = [(str(one.pk), one.name) for one in offered]
        chosen = [str(one.pk) for one in list_panel(actor, division_id=home)]
    form = PanelForm(typed(request), initial={"departments": chosen})
    form.fields["departments"].choices = choices  # type: ignore[attr-defined]
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.set_panel(
                actor,
                department_ids=[int(one) for one in form.cleaned_data["departments"]],
                at=clock.now(),
            ),
        )
        if made is not None:
            messages.success(request, f"以后分送 {made} 个部门。")
            return HttpResponseRedirect(reverse("work:reviews-led"))
    context = {
        "form": form,
        "title": "哪些部门参加联审",
        "lead": "以后分送的按这个名单，已经分送的不变。",
        "button": "记下",
        "back_url": reverse("work:reviews-led"),
        "crumbs": _crumbs("部门"),
    }
    return TemplateResponse(request, "work/elections/do.html", context, status=form.status)


@staff(P.ELECTION_LEAD_REVIEW)
@require_GET
@never_cache
def person(request: Any, screening_id: int) -> HttpResponse:
    at = clock.now()
    one, opinions = open_screening(request.actor, screening_id=screening_id, at=at)
    newest = {row.unit_department_id: row for row in opinions}
    signed = all(row.decision for row in newest.values())
    objected = {row.decision for row in newest.values()} & {Decision.BAR, Decision.CAUTION}
    pending = one.nominee.review == Outcome.PENDING
    context = {
        "one": one,
        "sex": SEX.get(one.sex, ""),
        "opinions": [
            (row, TONES.get(Decision(row.decision)) if row.decision else "") for row in opinions
        ],
        "outcome": one.nominee.get_review_display(),
        "tone": OUTCOMES.get(Outcome(one.nominee.review), "wait"),
        "settles": pending and signed and Decision.CAUTION in objected,
        "hears": bool(objected) and one.stated_at is None,
        "now": at,
        "crumbs": _crumbs(one.name),
    }
    return TemplateResponse(request, "work/reviews/person.html", context)


class SettleForm(AdminForm):
    settled = choice("联席会议的决定", Settled.choices, "选通过还是不通过。")
    basis_ref = line("会议纪要的文号", "写明会议纪要的文号。")


@staff(P.ELECTION_LEAD_REVIEW)
@ask_or_act
def settle(request: Any, screening_id: int) -> HttpResponse:
    form = SettleForm(typed(request))
    return _led_step(
        request,
        screening_id,
        form,
        lambda: actions.settle_caution(
            request.actor, screening_id=screening_id, at=clock.now(), **form.cleaned_data
        ),
        title="联席会议的决定",
        lead="有部门认为需要会商、没有部门认为不得列为候选人的，由联席会议决定。",
    )


class CaseForm(AdminForm):
    statement = words("本人申辩的内容", "写明申辩的内容。", rows=6)


@staff(P.ELECTION_LEAD_REVIEW)
@ask_or_act
def state(request: Any, screening_id: int) -> HttpResponse:
    form = CaseForm(typed(request))
    return _led_step(
        request,
        screening_id,
        form,
        lambda: actions.state_case(
            request.actor, screening_id=screening_id, at=clock.now(), **form.cleaned_data
        ),
        title="本人书面申辩",
        lead="只有一次。提出意见的部门会再反馈一次，以后一次为准。",
    )


def _led_step(
    request: Any, screening_id: int, form: AdminForm, act: Any, *, title: str, lead: str
) -> HttpResponse:
    with looking(request):
        one = get_screening(request.actor, screening_id=screening_id)
    back = reverse("work:reviews-person", args=[one.pk])
    if request.method == "POST":
        attempt(form, act)
        if not form.errors:
            messages.success(request, "记下了。")
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": f"{one.name}：{title}",
        "lead": lead,
        "button": "记下",
        "back_url": back,
        "crumbs": _crumbs(one.name),
    }
    return TemplateResponse(request, "work/elections/do.html", context, status=form.status)
