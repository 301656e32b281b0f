"""Residents sign in: one page, first the telephone, then the six digits."""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yukuai.accounts.access import public
from yukuai.accounts.rules import tidy_phone
from yukuai.accounts.signin.codes import check_code, find_code, send_code
from yukuai.accounts.signin.outside import is_pending, provider_name
from yukuai.accounts.signin.targets import wanted_page
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError, InvalidInput
from yukuai.kernel.wording import phone_groups
from yukuai.portal.signin.forms import CodeForm, PhoneForm


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signin(request: Any) -> HttpResponse:
    if request.method == "POST":
        return _send(request) if request.POST.get("act") == "send" else _enter(request)
    if request.actor.kind == "resident":
        return HttpResponseRedirect(wanted_page(request, default="/"))
    return _page(request)


@public
@require_POST
def signout(request: Any) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/")


def _send(request: Any) -> HttpResponse:
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, phone_form=form, status=InvalidInput.status)
    try:
        send_code(request, phone=form.cleaned_data["phone"], at=clock.now())
    except DomainError as error:
        form.add_error("phone", error.message)
        return _page(request, phone_form=form, status=error.status)
    return HttpResponseRedirect(_address(request))


def _enter(request: Any) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, code_form=form, status=InvalidInput.status)
    try:
        proved = check_code(request, code=form.cleaned_data["code"])
    except DomainError as error:
        form.add_error("code", error.message)
        return _page(request, code_form=form, status=error.status)
    return proved.finish_for(clock.now(), wanted_page(request, default="/"))


def _page(
    request: Any,
    *,
    phone_form: PhoneForm | None = None,
    code_form: CodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Without a code on its way only the telephone is asked for; an error then stands there."""
    waiting = find_code(request)
    phone = waiting.phone if waiting else tidy_phone(request.POST.get("phone", ""))
    if phone_form is None:
        phone_form = PhoneForm(initial={"phone": phone_groups(phone)})
    context = {
        "waiting": waiting,
        "phone": phone,
        "phone_form": phone_form,
        "code_form": code_form or CodeForm(),
        "next": wanted_page(request, default=""),
        "closed": "closed" in request.GET,
        "outside": provider_name(),
        "to_prove": provider_name() if waiting and is_pending(request) else "",
    }
    return TemplateResponse(request, "signin/resident.html", context, status=status)


def _address(request: Any) -> str:
    target = wanted_page(request, default="")
    own = reverse("portal:signin")
    return f"{own}?{urlencode({'next': target})}" if target else own
