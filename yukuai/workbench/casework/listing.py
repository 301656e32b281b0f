"""The list of matters: filters in the address, pages by key, counts to 1000."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.filters import Filter, filter_cases, is_said_often
from yukuai.cases.followers import count_followers
from yukuai.cases.lines import Line, list_counted_lines
from yukuai.cases.queries import CAP, older_than
from yukuai.cases.saved import list_saved_filters
from yukuai.cases.states import Source
from yukuai.kernel import clock, fulltext
from yukuai.kernel.counting import CountOf
from yukuai.kernel.fulltext import Piece
from yukuai.kernel.scope import in_order_of_index
from yukuai.kernel.wording import capped
from yukuai.workbench.casework.filtering import Asked, blank_filter, kept_of, read_filter
from yukuai.workbench.casework.page import state_tone
from yukuai.workbench.fields import number
from yukuai.workbench.saved.chips import chips_of

PAGE = 50
EXCERPT = 60
SAMPLE = "ZT-2601-000001"
YEARS = (2000, 2200)
SOURCES: dict[str, str] = {source.value: str(source.label) for source in Source}
TEXTS = (("", "body"), ("要求：", "wanted"), ("地点：", "place_text"), ("答复：", "answer"))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, in words; the pieces say which of them were asked for."""

    case: Line
    url: str
    tone: str
    source: str
    place: str
    title: Sequence[Piece]
    excerpt: Sequence[Piece] = ()
    excerpt_of: str = ""
    others: int = 0


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and where those before and after them are."""

    rows: Sequence[Row]
    total: str
    older_url: str
    newer_url: str


@staff(Permission.CASE_VIEW)
@require_GET
def case_list(request: Any) -> HttpResponse:
    actor = request.actor
    asked = read_filter(actor, request.GET) if kept_of(request.GET) else None
    wanted = asked.wanted if asked else Filter()
    page = find_page(request, wanted=wanted, size=PAGE)
    saved = list_saved_filters(actor)
    context = {
        **(_said(asked) if asked else {"blank": blank_filter(actor)}),
        "page": page,
        "rows": page.rows,
        "total": page.total,
        "chips": chips_of(actor, saved, kept=asked.kept if asked else {}),
        "may_export": actor.may(Permission.CASE_EXPORT),
        "now": clock.now(),
        **({"older_url": page.older_url} if page.older_url else {}),
        "newer_url": page.newer_url,
    }
    return TemplateResponse(request, "work/casework/list.html", context)


def _said(asked: Asked) -> dict[str, Any]:
    return {
        "form": asked.form,
        "within": asked.within,
        "choices": asked.choices,
        "lost": asked.lost,
        "narrowed": asked.narrowed,
        "query": asked.query,
    }


def find_page(request: Any, *, wanted: Filter, size: int) -> Page:
    """Of what the officer may look at and asks for."""
    rows = filter_cases(request.actor, wanted=wanted)
    often = is_said_often(request.actor, wanted=wanted)
    with in_order_of_index() if often else nullcontext():
        return page_of(request, rows, size=size, text=wanted.text)


def page_of(request: Any, rows: Any, *, size: int, text: str) -> Page:
    """The page of the address, `?older=<moment>~<id>`, with the number of all to the cap."""
    key = _parse_key(request.GET.get("older", ""))
    counted = rows.annotate(total=CountOf(rows.order_by().values("pk")[: CAP + 1]))
    page = older_than(counted, received_at=key[0], pk=key[1]) if key else counted
    shown, total = list_counted_lines(
        request.actor, rows=page[: size + 1], total="total", texts=bool(text)
    )
    kept = {name: words for name, words in request.GET.items() if name != "older" and words}
    older = ""
    if len(shown) > size:
        last = shown[size - 1]
        older = urlencode({**kept, "older": f"{last.received_at.isoformat()}~{last.pk}"})
    return Page(
        rows=as_rows(request.actor, shown[:size], text=text),
        total=capped(total, cap=CAP),
        older_url=f"{request.path}?{older}" if older else "",
        newer_url=f"{request.path}?{urlencode(kept)}" if key is not None else "",
    )


def as_rows(actor: Actor, lines: Sequence[Line], *, text: str = "") -> list[Row]:
    """With how many others met with each: asked once for all of them."""
    others = count_followers(actor, case_ids=[line.pk for line in lines])
    return [as_row(line, text=text, others=others.get(line.pk, 0)) for line in lines]


def as_row(line: Line, *, text: str = "", others: int = 0) -> Row:
    excerpt_of, excerpt = _excerpt(line, text) if text else ("", [])
    return Row(
        case=line,
        url=_case_url(settings.ROOT_URLCONF).replace(SAMPLE, line.number),
        tone=state_tone(line.state),
        source=SOURCES[line.source],
        place=f"待定位 · {line.place}" if line.to_place else line.place,
        others=others,
        title=fulltext.mark(line.title, text) if text else [(line.title, False)],
        excerpt=excerpt,
        excerpt_of=excerpt_of,
    )


@cache
def _case_url(_site: str) -> str:
    """Made once: fifty a page."""
    return reverse("work:case", args=[SAMPLE])


def _excerpt(line: Line, text: str) -> tuple[str, list[Piece]]:
    """From the first of its texts in which a word stands, unless the title says it already."""
    if fulltext.matches(line.title, text):
        return "", []
    for label, name in TEXTS:
        if pieces := fulltext.excerpt(getattr(line, name), text, length=EXCERPT):
            return label, pieces
    return "", []


def _parse_key(text: str) -> tuple[datetime, int] | None:
    """Of `older=2026-03-02T12:00:00+08:00~17`; None when it is not one of ours."""
    moment, _, pk = text.partition("~")
    try:
        received_at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    last = number(pk)
    is_ours = last is not None and received_at.tzinfo and YEARS[0] < received_at.year < YEARS[1]
    return (received_at, last) if is_ours and last is not None else None
