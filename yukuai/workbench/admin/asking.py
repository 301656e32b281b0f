"""What the forms of administration share: a day, a reason, one action, a confirmation before what
cannot be taken back."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from yukuai.accounts.access import SAFE, reading
from yukuai.kernel.clock import SHANGHAI, today
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted
from yukuai.workbench.fields import tell, words

R = TypeVar("R")
FIRST, LAST = date(1949, 10, 1), date(2099, 12, 31)
WRITTEN = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
ask_or_act = require_http_methods(["GET", "HEAD", "POST"])


class AdminForm(forms.Form):
    """`status` is that of the answer that shows the form again."""

    use_required_attribute = False
    status = 200


class DayField(forms.DateField):
    """A calendar day, as browsers send it and as people write it."""

    def __init__(self, label: str, *, required: bool = True, help_text: str = "") -> None:
        sentence = "请填日期，例如 2026-03-02。"
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            input_formats=WRITTEN,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"required": sentence, "invalid": sentence},
            validators=[MinValueValidator(FIRST, sentence), MaxValueValidator(LAST, sentence)],
        )


class ReasonForm(AdminForm):
    reason = words("理由", "请写明理由，以后查得到。", rows=3)


@dataclass(frozen=True)
class Question:
    """A confirmation: what will happen, the two answers, and where each leads."""

    title: str
    follows: Sequence[str]
    yes: str
    no: str
    back_url: str
    done: str
    next_url: str = ""
    danger: bool = True
    crumbs: Sequence[dict[str, Any]] = ()


def looking(request: Any) -> AbstractContextManager[None]:
    """Look things up before an action; a GET already runs inside its reading."""
    return nullcontext() if request.method in SAFE else reading(request)


def typed(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def attempt(form: AdminForm, act: Callable[[], R]) -> R | None:
    """Call the one action. Its refusal goes to the field it names, or above the form: the caller
    asks `form.errors`."""
    if not form.is_valid():
        form.status = InvalidInput.status
        return None
    try:
        return act()
    except InvalidInput as error:
        shown = {bound.name for bound in form.visible_fields()}
        error.fields = {name: said for name, said in error.fields.items() if name in shown}
        tell(form, error)
        form.status = error.status
    except (Conflict, NotPermitted) as error:
        form.add_error(None, error.message)
        form.status = error.status
    return None


def confirm(request: Any, question: Question, act: Callable[[str], object]) -> HttpResponse:
    """Ask for the reason, say what follows, act, and go where the question says."""
    form = ReasonForm(typed(request))
    if request.method == "POST":
        attempt(form, lambda: act(form.cleaned_data["reason"]))
        if not form.errors:
            messages.success(request, question.done)
            return HttpResponseRedirect(question.next_url or question.back_url)
    context = {"question": question, "form": form, "crumbs": question.crumbs}
    return TemplateResponse(request, "work/admin/confirm.html", context, status=form.status)


def show_once(request: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """A secret, rendered into the answer of the POST that made it, and kept nowhere."""
    response = TemplateResponse(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


def begins(day: date, *, at: datetime) -> datetime:
    """The first moment of a day in Chongqing; of today, this one."""
    return at if day == today(at) else midnight(day)


def ends(day: date | None) -> datetime | None:
    """Behind the last moment of a day: a term includes the day it is said to end on."""
    return midnight(day + timedelta(days=1)) if day else None


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)
