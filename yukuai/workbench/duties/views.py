"""职责清单: read by every officer, kept by city and district."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission, check, require
from yukuai.cases.actions import end_duty, set_duty
from yukuai.cases.actions.duties import LEVELS
from yukuai.cases.duties import get_duty, list_duties_that_hold, list_duty_history
from yukuai.cases.duty_words import DUTIES, TONES
from yukuai.cases.queries import list_categories
from yukuai.divisions.queries import get_division, list_children
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.asking import (
    AdminForm,
    DayField,
    Question,
    ask_or_act,
    attempt,
    confirm,
    looking,
    typed,
)
from yukuai.workbench.admin.paging import by_moment
from yukuai.workbench.admin.places import area_of, own_division, search_place
from yukuai.workbench.fields import choice, line, number, select, words

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

P = Permission
CRUMB: dict[str, Any] = {"label": "职责清单", "url": reverse_lazy("work:duties")}


class DutyForm(AdminForm):
    category = select("哪一类事", [], "选一个事项类别。")
    duty = choice("社区怎么办", list(DUTIES.items()), "选一个。")
    basis = line(
        "依据", "写明依据的文件，写上文号。", help="文件名和文号。没有文件的，写明谁定的、待核。"
    )
    valid_from = DayField("从哪天起")
    valid_to = DayField("到哪天前", required=False, help_text="不填就一直管用。")
    reason = words("为什么", "写明为什么，以后查得到。", rows=2)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        options = [(str(one.pk), one.name) for one in list_categories(actor)]
        field.choices = [("", "选一类"), *options]


@staff()
@require_safe
def duties(request: Any) -> HttpResponse:
    """What holds at one place, at first the officer's own: the narrowest line of each category."""
    actor, day = request.actor, today(clock.now())
    search = search_place(actor, request.GET)
    here = search.chosen or _own(request)
    items = list_duties_that_hold(actor, area=here.path, on=day) if here else []
    listed = {item.category_id for item in items}
    context = {
        "search": search,
        "here": here,
        "rows": [(one, TONES[one.duty], _may(actor, one)) for one in items],
        "unlisted": [one for one in list_categories(actor) if one.pk not in listed],
        "may": actor.may(P.DUTY_MANAGE),
        "crumbs": [{"label": "职责清单"}],
    }
    return TemplateResponse(request, "work/duties/list.html", context)


def _own(request: Any) -> "Division | None":
    if request.post is not None:
        return get_division(request.actor, division_id=request.post.division_id)
    roots = list_children(request.actor)
    return get_division(request.actor, division_id=roots[0].id) if roots else None


def _may(actor: Actor, item: Any) -> bool:
    return bool(check(actor, P.DUTY_MANAGE, item))


@staff()
@require_safe
def history(request: Any) -> HttpResponse:
    """Every line of one city or district, also those that ended."""
    actor = request.actor
    pk = number(request.GET.get("division", ""))
    here = get_division(actor, division_id=pk) if pk is not None else _own(request)
    found = list_duty_history(actor, division_id=here.pk if here else 0).order_by("-made_at", "-pk")
    page = by_moment(request, found, "made_at")
    context = {
        "here": here,
        "rows": [(one, TONES[one.duty]) for one in page.rows],
        "page": page,
        "day": today(clock.now()),
        "crumbs": [CRUMB, {"label": "改过哪些"}],
    }
    return TemplateResponse(request, "work/duties/history.html", context)


@staff(P.DUTY_MANAGE)
@ask_or_act
def new(request: Any) -> HttpResponse:
    """Also how a line is changed: the new one ends the one before."""
    at, actor = clock.now(), request.actor
    with looking(request):
        within = area_of(actor, P.DUTY_MANAGE)
        search = search_place(actor, request.GET, within=within, kinds=LEVELS)
        here = search.chosen or own_division(actor, P.DUTY_MANAGE)
        asked = {"category": request.GET.get("category", ""), "valid_from": today(at)}
        form = DutyForm(typed(request), actor=actor, initial=asked)
    if here is None:
        raise NotFound("先选好是哪里的清单。")
    division = here
    if request.method == "POST":
        attempt(form, lambda: _set(actor, form, division, at))
        if not form.errors:
            messages.success(request, "记进清单了。派单时马上按它来。")
            return HttpResponseRedirect(reverse("work:duties"))
    context = {
        "form": form,
        "search": search,
        "division": division,
        "title": "定一条职责",
        "lead": f"{division}的清单，下面的村（社区）都按它；区县定了的，先用区县的。"
        "同一类已有一条的，到新的那天自动换下来。",
        "button": "记进清单",
        "no": "不记了",
        "back_url": reverse("work:duties"),
        "crumbs": [CRUMB, {"label": "定一条"}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


def _set(actor: Actor, form: DutyForm, division: "Division", at: Any) -> object:
    said = dict(form.cleaned_data)
    category_id = number(said.pop("category"))
    return set_duty(actor, division_id=division.pk, category_id=category_id, **said, at=at)


@staff(P.DUTY_MANAGE)
@ask_or_act
def end(request: Any, duty_id: int) -> HttpResponse:
    with looking(request):
        item = get_duty(request.actor, duty_id=duty_id)
        require(request.actor, P.DUTY_MANAGE, item)
    question = Question(
        title=f"停用“{item.category}”这一条？",
        follows=(
            "从今天起，这一条不再管用。上一级清单里有的，按上一级；没有的，就不在清单里。",
            "不在清单里的大事，不能派给社区。",
            "这一条的依据、日期和改的人都留着，查得到。",
        ),
        yes="停用",
        no="不停用",
        back_url=reverse("work:duties"),
        done="停用了。",
        crumbs=[CRUMB, {"label": "停用"}],
    )
    return confirm(
        request,
        question,
        lambda reason: end_duty(request.actor, duty_id=duty_id, reason=reason, at=clock.now()),
    )
