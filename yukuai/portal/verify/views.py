"""扫码核验真伪: anybody who holds a paper may ask whether it is ours and still stands."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from yukuai.accounts.access import public
from yukuai.documents.queries import find_verification
from yukuai.kernel import clock
from yukuai.kernel.ids import tidy_code
from yukuai.kernel.limits import address_of, hit
from yukuai.portal.verify.forms import VerifyForm

TRIES = 30
PER_SECONDS = 600


@public
def verify(request: Any) -> HttpResponse:
    if "code" not in request.GET:
        return TemplateResponse(request, "verify/enter.html", {"form": VerifyForm()})
    form = VerifyForm(request.GET)
    if form.is_valid():
        return redirect("portal:verify-result", code=form.cleaned_data["code"])
    return TemplateResponse(request, "verify/enter.html", {"form": form}, status=422)


@public
def verify_result(request: Any, code: str) -> HttpResponse:
    """A wrong code is a page, not an exception: the try must stay counted."""
    at = clock.now()
    hit(f"verify:{address_of(request)}", limit=TRIES, per_seconds=PER_SECONDS, at=at)
    found = find_verification(request.actor, code=code)
    context = {"found": found, "form": VerifyForm(initial={"code": tidy_code(code)[:40]})}
    response = TemplateResponse(
        request, "verify/result.html", context, status=200 if found else 404
    )
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
