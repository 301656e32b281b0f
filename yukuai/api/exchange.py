"""Where outside case systems call us. Who calls is proven by the signature of the call, so there
is neither a session nor a key; the answer is short, for what was said is applied afterwards."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yukuai.accounts.access import Access
from yukuai.api.schemas import ProblemOut
from yukuai.exchange.actions.receiving import Replayed
from yukuai.exchange.carrying import hear
from yukuai.exchange.gateways import signing
from yukuai.exchange.gateways.port import Call
from yukuai.kernel import clock
from yukuai.kernel.limits import address_of, hit

PER_MINUTE = 600
_HEADERS = {
    signing.WHEN: "seconds since 1970",
    signing.ONCE: "8 to 64 signs, never the same again",
    signing.SIGNATURE: "HMAC of time, nonce and body: docs/exchange.md",
}
_KEPT = {
    "type": "object",
    "required": ["code", "kept"],
    "properties": {
        "code": {"const": 0},
        "kept": {"type": "integer", "minimum": 0, "description": "how many words were new"},
    },
}
DESCRIBED: dict[str, Any] = {
    "exchange/{code}/callback": {
        "post": {
            "operationId": "exchange_callback",
            "summary": "外部系统告诉我们进展",
            "description": "Signed, in the system's own format as it was agreed: JSON or XML.",
            "tags": ["交换"],
            "parameters": [
                {"in": "path", "name": "code", "required": True, "schema": {"type": "string"}},
                *(
                    {
                        "in": "header",
                        "name": name,
                        "required": True,
                        "description": said,
                        "schema": {"type": "string"},
                    }
                    for name, said in _HEADERS.items()
                ),
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "responses": {
                "200": {"description": "kept", "content": {"application/json": {"schema": _KEPT}}},
                "404": {
                    "description": "没有这个外部系统",
                    "content": {
                        "application/problem+json": {"schema": ProblemOut.model_json_schema()}
                    },
                },
            },
        }
    }
}
"""Of this address in the published description."""


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
