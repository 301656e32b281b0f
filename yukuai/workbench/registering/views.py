"""Somebody comes or calls: one page to write it down, then number and code to read out."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission
from yukuai.cases import actions
from yukuai.cases.actions.intake import AlreadyReceived
from yukuai.cases.public import find_receipt
from yukuai.cases.queries import get_case, list_urgent_words
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.workbench.fields import tell, tidy
from yukuai.workbench.registering.forms import RegisterForm

PAGE = "work/registering/page.html"


@staff(Permission.CASE_REGISTER)
@require_http_methods(["GET", "POST"])
def register(request: Any) -> HttpResponse:
    if request.method == "POST":
        return _save(request)
    form = RegisterForm(actor=request.actor, q=tidy(request.GET.get("q")))
    if request.headers.get("HX-Target") == "places":
        return TemplateResponse(request, "work/registering/places.html", {"form": form})
    return _page(request, form, 200)


def _save(request: Any) -> HttpResponse:
    with reading(request):
        form = RegisterForm(
            request.POST, request.FILES, actor=request.actor, q=tidy(request.POST.get("q"))
        )
        if not form.is_valid():
            return _page(request, form, InvalidInput.status).render()
    told = form.told()
    try:
        actions.register_case(
            request.actor, told=told, source=form.cleaned_data["source"], at=clock.now()
        )
    except AlreadyReceived:
        pass  # sent twice: the same receipt
    except InvalidInput as error:
        tell(form, error)
        with reading(request):
            return _page(request, form, InvalidInput.status).render()
    return HttpResponseRedirect(f"{reverse('work:register-done')}?r={told.client_uuid}")


def _page(request: Any, form: RegisterForm, status: int) -> TemplateResponse:
    context = {"form": form, "words": list_urgent_words(request.actor)}
    return TemplateResponse(request, PAGE, context, status=status)


@staff(Permission.CASE_REGISTER)
@never_cache
@require_GET
def receipt(request: Any) -> HttpResponse:
    """回执: number and code, to read out or to print. Only in whose area it lies."""
    try:
        client_uuid = UUID(request.GET.get("r", ""))
    except ValueError:
        raise NotFound("没有这张回执。可能网址不完整。") from None
    found = find_receipt(request.actor, client_uuid=client_uuid)
    if found is None:
        raise NotFound("没有这张回执。可能网址不完整。")
    case = get_case(request.actor, case_id=found.case_id)
    context = {"receipt": found, "case": case, "now": clock.now()}
    return TemplateResponse(request, "work/registering/receipt.html", context)
