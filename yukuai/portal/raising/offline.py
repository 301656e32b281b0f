"""Matters written without a network: one form on one page, and the door they come in by."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import public, reading, remember_ticket
from yukuai.cases import tickets
from yukuai.cases.actions.intake import PHOTOS, Receipt, Told
from yukuai.cases.public import find_receipt
from yukuai.divisions.queries import find_divisions
from yukuai.documents.files import read_upload
from yukuai.documents.images import Picture, read_picture
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError, InvalidInput, TooMany
from yukuai.portal.community.chosen import find_community
from yukuai.portal.raising.forms import NAMED, OfflineForm
from yukuai.portal.raising.limits import count_photo
from yukuai.portal.raising.sending import send


@public
@require_safe
def offline(request: Any) -> HttpResponse:
    """Kept by the service worker: the same for everybody, so nothing is filled in."""
    context = {"form": OfflineForm(initial={"contact": NAMED})}
    response = TemplateResponse(request, "portal/raising/offline.html", context)
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_POST
def sync(request: Any) -> HttpResponse:
    """One matter: 201, or 409 when it came in before, with its receipt; 422 says what to mend."""
    try:
        uuid = _uuid(request.POST.get("client_uuid", ""))
        earlier = _earlier(request, uuid)
        receipt = earlier or send(request, _told(request, uuid), at=clock.now())
    except DomainError as error:
        response = JsonResponse({"sentence": _sentence(error)}, status=error.status)
        if isinstance(error, TooMany):
            response["Retry-After"] = str(error.retry_after)
        return response
    remember_ticket(request, tickets.key(receipt.number, receipt.code))
    body = {
        "number": receipt.number,
        "code": receipt.code,
        "url": reverse("portal:matter", args=[receipt.number]),
    }
    return JsonResponse(body, status=409 if earlier else 201)


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise InvalidInput("这件事的编号不对。请改一改，再交一次。") from None


def _earlier(request: Any, uuid: UUID) -> Receipt | None:
    with reading(request):
        return find_receipt(request.actor, client_uuid=uuid)


def _told(request: Any, uuid: UUID) -> Told:
    form = OfflineForm(request.POST, request.FILES)
    if not form.is_valid():
        raise InvalidInput("写得不完整。", fields=_first_errors(form))
    said = form.cleaned_data
    return Told(
        client_uuid=uuid,
        division_id=_division(request, said["community"]),
        body=said["body"],
        place_text=said["place_text"],
        anonymous=said["contact"] != NAMED,
        name=said["name"],
        phone=said["phone"],
        photos=_pictures(request, said["photos"]),
    )


def _pictures(request: Any, uploads: list[Any]) -> tuple[Picture, ...]:
    """Decoded before the transaction begins."""
    if len(uploads) > PHOTOS:
        raise InvalidInput(f"照片最多 {PHOTOS} 张。去掉几张再交。")
    for _ in uploads:
        count_photo(request, at=clock.now())
    return tuple(read_picture(read_upload(upload)) for upload in uploads)


def _division(request: Any, typed: str) -> int:
    """What was typed without a list to choose from; nothing typed: the community chosen here."""
    with reading(request):
        if not typed:
            chosen = find_community(request)
            if chosen is None:
                raise InvalidInput(
                    "写上是哪个村或社区，最好带上街道，例如“大溪沟街道 人民村社区”。"
                )
            return chosen.id
        found = find_divisions(request.actor, text=typed, kinds=["community"], limit=2)
    if not found:
        raise InvalidInput(f"没有找到“{typed}”。请核对社区的名字，或者只写前两三个字。")
    name = typed.split()[-1]
    exact = [hit for hit in found if hit.name in (name, f"{name}社区", f"{name}村")]
    if len(found) > 1 and len(exact) != 1:
        raise InvalidInput(f"叫“{name}”的不止一个。请在前面写上街道，例如“大溪沟街道 {name}”。")
    return (exact or found)[0].id


def _first_errors(form: OfflineForm) -> dict[str, str]:
    data: dict[str, list[dict[str, str]]] = json.loads(form.errors.as_json())
    return {name: errors[0]["message"] for name, errors in data.items()}


def _sentence(error: DomainError) -> str:
    """All that the phone can show is one sentence."""
    fields: Iterable[str] = error.fields.values() if isinstance(error, InvalidInput) else ()
    return " ".join(dict.fromkeys(fields)) or error.message
