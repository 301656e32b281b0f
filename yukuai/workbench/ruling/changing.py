"""派单规则, changed: drafted, edited, tried, put live, retired. Each asks why."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, require
from yukuai.cases.actions import draft_rule, edit_rule, put_rule_live, retire_rule, try_rule
from yukuai.cases.actions.rulebook import LEVELS
from yukuai.cases.rulebook import get_rule
from yukuai.cases.states.ruling import RuleState
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.asking import Question, ask_or_act, attempt, confirm, looking, typed
from yukuai.workbench.admin.places import PlaceSearch, area_of, own_division, search_place
from yukuai.workbench.ruling.forms import RuleForm, TrialForm, now_said
from yukuai.workbench.ruling.views import CRUMB

if TYPE_CHECKING:
    from yukuai.cases.models import DispatchRule
    from yukuai.divisions.models import Division

P = Permission
FORM = "work/ruling/form.html"


@staff(P.RULE_MANAGE)
@ask_or_act
def new(request: Any) -> HttpResponse:
    """At first for the officer's own place; another one inside it by search."""
    with looking(request):
        search, division = _place(request, None)
        form = RuleForm(typed(request), actor=request.actor, division=division)
    if request.method == "POST":
        made = attempt(
            form,
            lambda: draft_rule(
                request.actor,
                told=form.told(),
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            ),
        )
        if made is not None:
            messages.success(request, "存成草稿了。先试一遍，看清楚了再上线。")
            return HttpResponseRedirect(reverse("work:rule", args=[made.pk]))
    return _form_page(request, form, search, "新建派单规则", None)


@staff(P.RULE_MANAGE)
@ask_or_act
def edit(request: Any, rule_id: int) -> HttpResponse:
    with looking(request):
        rule = get_rule(request.actor, rule_id=rule_id)
        require(request.actor, P.RULE_MANAGE, rule)
        search, division = _place(request, rule)
        form = RuleForm(
            typed(request), actor=request.actor, division=division, initial=now_said(rule)
        )
    if request.method == "POST":
        attempt(
            form,
            lambda: edit_rule(
                request.actor,
                rule_id=rule_id,
                told=form.told(),
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            ),
        )
        if not form.errors:
            messages.success(request, "改好了，现在是草稿。重新试过才能上线。")
            return HttpResponseRedirect(reverse("work:rule", args=[rule_id]))
    return _form_page(request, form, search, f"改“{rule.name}”", rule)


def _place(request: Any, rule: "DispatchRule | None") -> "tuple[PlaceSearch, Division]":
    """The place asked for in the address, else the rule's, else the officer's own."""
    actor, within = request.actor, area_of(request.actor, P.RULE_MANAGE)
    search = search_place(actor, request.GET, within=within, kinds=LEVELS)
    division = search.chosen or (rule.division if rule else own_division(actor, P.RULE_MANAGE))
    if division is None:
        raise NotFound("先选好是哪里的规则。")
    return search, division


def _form_page(
    request: Any,
    form: RuleForm,
    search: PlaceSearch,
    title: str,
    rule: "DispatchRule | None",
) -> HttpResponse:
    back = reverse("work:rule", args=[rule.pk]) if rule else reverse("work:rules")
    crumbs = [CRUMB, {"label": rule.name, "url": back}] if rule else [CRUMB]
    context = {
        "form": form,
        "search": search,
        "division": form.division,
        "was_live": rule is not None and rule.state == RuleState.LIVE,
        "title": title,
        "button": "存成草稿",
        "no": "不改了" if rule else "不建了",
        "back_url": back,
        "crumbs": [*crumbs, {"label": "改" if rule else "新建"}],
    }
    return TemplateResponse(request, FORM, context, status=form.status)


@staff(P.RULE_MANAGE)
@ask_or_act
def trial_run(request: Any, rule_id: int) -> HttpResponse:
    with looking(request):
        rule = get_rule(request.actor, rule_id=rule_id)
        require(request.actor, P.RULE_MANAGE, rule)
    form = TrialForm(typed(request), initial={"months": "6"})
    if request.method == "POST":
        ran = attempt(
            form,
            lambda: try_rule(
                request.actor,
                rule_id=rule_id,
                months=int(form.cleaned_data["months"]),
                at=clock.now(),
            ),
        )
        if ran is not None:
            return HttpResponseRedirect(reverse("work:rule-trial", args=[rule_id, ran.pk]))
    back = reverse("work:rule", args=[rule_id])
    context = {
        "form": form,
        "title": f"把“{rule.name}”试一遍",
        "lead": f"拿{rule.division}过去办完的事来算：会建议哪些、和最后办的单位合不合。"
        "只算数，一件事也不改。最多算最近 10000 件。",
        "button": "试一遍",
        "no": "不试了",
        "back_url": back,
        "crumbs": [CRUMB, {"label": rule.name, "url": back}, {"label": "试一遍"}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


@staff(P.RULE_MANAGE)
@ask_or_act
def live(request: Any, rule_id: int) -> HttpResponse:
    rule = _managed(request, rule_id)
    question = _question(
        rule,
        title=f"让“{rule.name}”上线？",
        follows=(
            f"从现在起，{rule.division}的事对得上的，派单时建议派给{rule.target_name}。",
            "只是建议，每一件还是由人来派；没有照着派的，记录里看得到。",
            "以后改一个字，都要重新试过才能再上线。",
        ),
        yes="上线",
        no="先不上线",
        done="上线了，从现在起按它建议。",
        danger=False,
    )
    return confirm(
        request,
        question,
        lambda reason: put_rule_live(request.actor, rule_id=rule_id, reason=reason, at=clock.now()),
    )


@staff(P.RULE_MANAGE)
@ask_or_act
def retire(request: Any, rule_id: int) -> HttpResponse:
    rule = _managed(request, rule_id)
    question = _question(
        rule,
        title=f"停用“{rule.name}”？",
        follows=(
            "以后不再按它建议。已经派出去的事不变。",
            "它的每一版和每次试算都留着，查得到。停用以后不能再改，要用就新建一条。",
        ),
        yes="停用",
        no="不停用",
        done="停用了。",
        danger=True,
    )
    return confirm(
        request,
        question,
        lambda reason: retire_rule(request.actor, rule_id=rule_id, reason=reason, at=clock.now()),
    )


def _managed(request: Any, rule_id: int) -> "DispatchRule":
    with looking(request):
        rule = get_rule(request.actor, rule_id=rule_id)
        require(request.actor, P.RULE_MANAGE, rule)
    return rule


def _question(
    rule: "DispatchRule",
    *,
    title: str,
    follows: tuple[str, ...],
    yes: str,
    no: str,
    done: str,
    danger: bool,
) -> Question:
    back = reverse("work:rule", args=[rule.pk])
    return Question(
        title=title,
        follows=follows,
        yes=yes,
        no=no,
        back_url=back,
        done=done,
        danger=danger,
        crumbs=[CRUMB, {"label": rule.name, "url": back}, {"label": yes}],
    )
