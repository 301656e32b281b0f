"""The switch for texts: what the telephone's holder said, and saying it anew."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yukuai.accounts.access import resident
from yukuai.accounts.actors import phone_hash
from yukuai.accounts.policy import Actor
from yukuai.kernel import clock, wording
from yukuai.messaging.actions import choose_texts
from yukuai.messaging.queries import find_consent

WHAT = "受理、派单、答复、办结，各发一条。"


@dataclass(frozen=True)
class Texts:
    refused: bool
    how: str
    what: str = WHAT


def said_of_texts(actor: Actor, phone: str, *, at: datetime) -> Texts | None:
    """None where there is no telephone to send to."""
    if not phone:
        return None
    consent = find_consent(actor, phone_hash=phone_hash(phone))
    if consent is None or not consent.refused:
        return Texts(False, "")
    day = wording.day(consent.said_at, now=at)
    return Texts(True, f"{day}{consent.get_said_display()}关的。")


@resident
@never_cache
@require_POST
def texts(request: Any) -> HttpResponse:
    wanted = request.POST.get("wanted") == "yes"
    choose_texts(request.actor, wanted=wanted, at=clock.now())
    said = "办事短信打开了。" if wanted else "办事短信关掉了。有进展，社区给您打电话。"
    messages.success(request, said)
    return redirect("portal:me")
