"""What the editor asks and says, as JSON; each POST also takes a plain form, for the page without
scripts, and then leads back to it."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission
from yukuai.boundaries import actions
from yukuai.boundaries.queries import get_draft
from yukuai.engines.mapfiles import Limits, Refused, read_json
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError, InvalidInput
from yukuai.workbench.lines.document import document_of

P = Permission
TOO_MUCH = "一次存得太多了。请分几次保存，或者从文件导入。"
NOT_READ = "请求里的内容读不懂，请刷新页面再试。"
VERSION_LIMIT = 2**31
View = Callable[..., HttpResponse]


def file_limits() -> Limits:
    said = settings.LINES
    return Limits(
        bytes=said["file_bytes"],
        unpacked=said["unpacked_bytes"],
        vertices=said["vertices"],
        features=said["features"],
    )


@dataclass(frozen=True)
class Asked:
    """What a POST says, from JSON or from a form."""

    said: Mapping[str, Any]
    by_form: bool

    def whole(self, name: str, *, optional: bool = False) -> int | None:
        """A whole number. Raises InvalidInput."""
        value = self.said.get(name)
        if optional and value in (None, ""):
            return None
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not (text.isascii() and text.isdigit()) or int(text[:19]) >= VERSION_LIMIT:
            raise InvalidInput(NOT_READ)
        return int(text)

    @property
    def version(self) -> int:
        return self.whole("version") or 0


def speaks(view: View) -> View:
    """Refusals as JSON for whoever sent JSON, as everywhere else for a form."""

    @functools.wraps(view)
    def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        by_form = request.method == "POST" and request.content_type != "application/json"
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            if by_form:
                messages.error(request, error.message)
                return HttpResponseRedirect(reverse("work:line", args=[kwargs["number"]]))
            said = {"detail": error.message, "code": error.code}
            return _json(said, status=error.status)

    return run


def _asked(request: Any) -> Asked:
    if request.content_type != "application/json":
        return Asked(request.POST.dict(), by_form=True)
    try:
        said = read_json(request.body, limits=file_limits())
    except RequestDataTooBig:
        raise InvalidInput(TOO_MUCH) from None
    except Refused as error:
        raise InvalidInput(str(error)) from error
    if not isinstance(said, dict):
        raise InvalidInput(NOT_READ)
    return Asked(said, by_form=False)


@staff(P.BOUNDARY_DRAW)
@require_GET
@never_cache
@speaks
def read(request: Any, number: str) -> HttpResponse:
    draft = get_draft(request.actor, number=number)
    return _json(document_of(request.actor, draft, with_proposal=True))


@staff(P.BOUNDARY_DRAW)
@require_POST
@speaks
def shapes(request: Any, number: str) -> HttpResponse:
    asked = _asked(request)
    given = asked.said.get("children")
    if not isinstance(given, dict) or not all(k.isascii() and k.isdigit() for k in given):
        raise InvalidInput(NOT_READ)
    drawn = {int(name[:18]): geometry for name, geometry in given.items()}
    actions.save_shapes(
        request.actor, number=number, version=asked.version, shapes=drawn, at=clock.now()
    )
    return _after(request, number, asked, "存好了，也检查过了。", with_proposal=True)


@staff(P.BOUNDARY_DRAW)
@require_POST
@speaks
def check(request: Any, number: str) -> HttpResponse:
    asked = _asked(request)
    actions.check_draft(request.actor, number=number, at=clock.now())
    return _after(request, number, asked, "检查过了。", with_proposal=True)


@staff(P.BOUNDARY_DRAW)
@require_POST
@speaks
def adopt(request: Any, number: str) -> HttpResponse:
    asked = _asked(request)
    actions.adopt_proposal(request.actor, number=number, version=asked.version, at=clock.now())
    return _after(request, number, asked, "采用了整理后的界线。")


@staff(P.BOUNDARY_DRAW)
@require_POST
@speaks
def fix(request: Any, number: str) -> HttpResponse:
    asked = _asked(request)
    actions.fix_finding(
        request.actor,
        number=number,
        version=asked.version,
        key=str(asked.said.get("key", ""))[:20],
        owner=asked.whole("owner", optional=True),
        at=clock.now(),
    )
    return _after(request, number, asked, "修好了这一处。")


@staff(P.BOUNDARY_DRAW)
@require_POST
@speaks
def exclave(request: Any, number: str) -> HttpResponse:
    asked = _asked(request)
    declared = asked.said.get("declared") in (True, "true", "1", "on")
    actions.declare_exclave(
        request.actor,
        number=number,
        version=asked.version,
        child=asked.whole("child") or 0,
        declared=declared,
        at=clock.now(),
    )
    return _after(request, number, asked, "申报了飞地。" if declared else "取消了飞地申报。")


def _after(
    request: Any, number: str, asked: Asked, said: str, *, with_proposal: bool = False
) -> HttpResponse:
    if asked.by_form:
        messages.success(request, said)
        return HttpResponseRedirect(reverse("work:line", args=[number]))
    with reading(request):
        draft = get_draft(request.actor, number=number)
        return _json(document_of(request.actor, draft, with_proposal=with_proposal))


def _json(said: dict[str, Any], *, status: int = 200) -> JsonResponse:
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})
