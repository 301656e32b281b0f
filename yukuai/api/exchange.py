"""Where outside case systems call us. Who calls is proven by the signature of the call, so there
is neither a session nor a key; the answer is short, for what was said is applied afterwards."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yukuai.accounts.access import Access
from yukuai.exchange.actions.receiving import Replayed
from yukuai.exchange.carrying import hear
from yukuai.exchange.gateways.port import Call
from yukuai.kernel import clock
from yukuai.kernel.limits import address_of, hit

PER_MINUTE = 600


@csrf_exempt
@require_POST
def callback(request: Any, code: str) -> HttpResponse:
    """200 once it is kept, and for the same call again; 401 where it is not genuine."""
    at = clock.now()
    who = f"exchange:{code[:40]}:{address_of(request)}"
    hit(who, limit=PER_MINUTE, per_seconds=60, at=at)
    call = Call(dict(request.headers.items()), request.body)
    try:
        new = hear(code=code, call=call, at=at)
    except Replayed:
        new = 0  # they did not hear our first answer
    return JsonResponse({"code": 0, "kept": new})


callback.access = Access("client")  # type: ignore[attr-defined]
