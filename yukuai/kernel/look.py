"""The reader's own switches: 长辈版, text size, row height.

They live in a cookie, so they work signed out, and are printed on <html> by the server, so nothing
flashes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from yukuai.kernel import clock

COOKIE = "look"
YEAR = 365 * 24 * 3600
CHOICES: Mapping[str, tuple[str, ...]] = {
    "mode": ("standard", "elder"),
    "text": ("100", "125", "150", "200"),
    "density": ("cosy", "compact"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What <html> says; the defaults are the first choices."""

    mode: str = "standard"
    text: str = "100"
    density: str = "cosy"

    @property
    def elder(self) -> bool:
        return self.mode == "elder"

    @property
    def desk(self) -> bool:
        """May a wide window use two columns and a top menu?"""
        return not self.elder and self.text in {"100", "125"}


def read_look(request: HttpRequest) -> Look:
    """The switches of this reader; anything else in the cookie is ignored."""
    return Look(**_valid(parse_qsl(request.COOKIES.get(COOKIE, ""))))


def look(request: HttpRequest) -> dict[str, object]:
    """Context processor: `look` (mode, text, density, elder, desk) and `now`."""
    return {"look": read_look(request), "now": clock.now()}


class SwitchesMiddleware:
    """`?mode=elder`, `?text=150`, `?density=compact` on any page: remembered, then the same page
    without the switch (303). Other parameters stay; unknown values are nobody's switch and pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wanted = _valid(request.GET.items())
        if wanted and request.method == "GET" and _is_page(request):
            return _remember(request, wanted)
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response


def _valid(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {name: str(value) for name, value in pairs if value in CHOICES.get(name, ())}


def _is_page(request: HttpRequest) -> bool:
    is_swap = request.headers.get("HX-Request") == "true"
    return not is_swap and not request.path.startswith("/api/")


def _remember(request: HttpRequest, wanted: dict[str, str]) -> HttpResponse:
    now = read_look(request)
    switches = {f.name: wanted.get(f.name, getattr(now, f.name)) for f in fields(Look)}
    rest = request.GET.copy()
    for name in wanted:
        del rest[name]
    # The path as the browser sent it; a leading "//" would name another site.
    path = escape_leading_slashes(escape_uri_path(request.path))
    response = HttpResponse(status=HTTPStatus.SEE_OTHER)
    response["Location"] = f"{path}?{rest.urlencode()}" if rest else path
    response.set_cookie(
        COOKIE,
        urlencode(switches),
        max_age=YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
