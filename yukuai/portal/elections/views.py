"""换届选举 for everybody: which day is what, what was announced, whether I stand on the roll."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import public
from yukuai.documents.http import document_page_response, document_response
from yukuai.elections.queries.public import find_open_election, find_own_line, get_open_paper
from yukuai.elections.states import CARDED, ElectionState, Electorate, Halt
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.portal.community.chosen import Community, find_community
from yukuai.registry.queries.own import has_record, list_own_ids

NO_COMMUNITY = "先选您的村（社区），再看它的公告。"
ON_THE_ROLL = CARDED | {ElectionState.ROLL_PUBLISHED, ElectionState.ROLL_OBJECTION}
"""The list hangs: whoever asks may be told where he stands."""


@public
@never_cache
@require_safe
def election(request: Any) -> HttpResponse:
    actor, at = request.actor, clock.now()
    community = find_community(request)
    found = find_open_election(actor, area=community.area) if community else None
    context: dict[str, Any] = {"community": community, "found": found, "now": at}
    if found is not None:
        one = found.election
        shown = one.state in ON_THE_ROLL
        ids = list_own_ids(actor) if shown and has_record(actor) else []
        context |= {
            "election": one,
            "left": (one.day - today(at)).days,
            "halt": Halt(one.halted).label if one.halted else "",
            "electorate": Electorate(one.electorate).label if one.electorate else "",
            "shown": shown,
            "proven": bool(ids),
            "line": find_own_line(actor, election=one, persons=ids),
        }
    return TemplateResponse(request, "portal/elections/election.html", context)


def _community(request: Any) -> Community:
    community = find_community(request)
    if community is None:
        raise NotFound(NO_COMMUNITY)
    return community


@public
@never_cache
@require_safe
def notice(request: Any, notice_id: int) -> HttpResponse:
    area = _community(request).area
    one, document = get_open_paper(request.actor, area=area, notice_id=notice_id)
    context = {"notice": one, "document": document, "now": clock.now()}
    return TemplateResponse(request, "portal/elections/notice.html", context)


@public
@require_safe
def paper(request: Any, notice_id: int) -> HttpResponse:
    area = _community(request).area
    _one, document = get_open_paper(request.actor, area=area, notice_id=notice_id)
    return document_response(document, large="large" in request.GET)


@public
@require_safe
def twin(request: Any, notice_id: int) -> HttpResponse:
    area = _community(request).area
    _one, document = get_open_paper(request.actor, area=area, notice_id=notice_id)
    return document_page_response(document, large="large" in request.GET)
