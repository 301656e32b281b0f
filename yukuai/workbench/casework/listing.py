"""The list of matters: filters in the address, pages by key, counts to 1000."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.filters import filter_cases
from yukuai.cases.followers import count_followers
from yukuai.cases.queries import CAP, older_than
from yukuai.cases.saved import list_saved_filters
from yukuai.cases.states import OPEN, Source
from yukuai.kernel import clock, fulltext
from yukuai.kernel.counting import CountOf
from yukuai.kernel.fulltext import Piece
from yukuai.kernel.wording import capped
from yukuai.workbench.casework.filtering import read_filter
from yukuai.workbench.casework.page import state_tone
from yukuai.workbench.fields import number
from yukuai.workbench.saved.chips import chips_of

if TYPE_CHECKING:
    from yukuai.cases.models import Case

PAGE = 50
EXCERPT = 60
SAMPLE = "ZT-2601-000001"
YEARS = (2000, 2200)
TEXTS = (("", "body"), ("要求：", "wanted"), ("地点：", "place_text"), ("答复：", "answer"))


@dataclass(frozen=True)
class Row:
    """A line of the list, in words; the pieces say which of them were asked for."""

    case: "Case"
    url: str
    tone: str
    source: str
    unit: str
    place: str
    title: Sequence[Piece]
    excerpt: Sequence[Piece] = ()
    excerpt_of: str = ""
    others: int = 0

    @property
    def is_running(self) -> bool:
        return (
            self.case.promised_at is not None
            and self.case.state in OPEN
            and not self.case.replied_at
        )


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
    asked = read_filter(actor, request.GET)
    rows = filter_cases(actor, wanted=asked.wanted)
    page = page_of(request, rows, size=PAGE, text=asked.wanted.text)
    saved = list_saved_filters(actor)
    context = {
        "form": asked.form,
        "page": page,
        "rows": page.rows,
        "within": asked.within,
        "choices": asked.choices,
        "lost": asked.lost,
        "total": page.total,
        "narrowed": asked.narrowed,
        "query": asked.query,
        "chips": chips_of(actor, saved, kept=asked.kept),
        "may_export": actor.may(Permission.CASE_EXPORT),
        "now": clock.now(),
        **({"older_url": page.older_url} if page.older_url else {}),
        "newer_url": page.newer_url,
    }
    return TemplateResponse(request, "work/casework/list.html", context)


def page_of(request: Any, rows: Any, *, size: int, text: str) -> Page:
    """The page of the address, `?older=<moment>~<id>`, with the number of all to the cap."""
    key = _parse_key(request.GET.get("older", ""))
    counted = rows.annotate(total=CountOf(rows.order_by().values("pk")[: CAP + 1]))
    page = older_than(counted, received_at=key[0], pk=key[1]) if key else counted
    shown = list(page[: size + 1])
    total = shown[0].total if shown else 0
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


def as_rows(actor: Actor, cases: "Sequence[Case]", *, text: str = "") -> list[Row]:
    """With how many others met with each: asked once for all of them."""
    others = count_followers(actor, case_ids=[case.pk for case in cases])
    return [as_row(case, text=text, others=others.get(case.pk, 0)) for case in cases]


def as_row(case: "Case", *, text: str = "", others: int = 0) -> Row:
    unit = case.unit_department or case.unit
    excerpt_of, excerpt = _excerpt(case, text) if text else ("", [])
    return Row(
        case=case,
        url=_case_url(settings.ROOT_URLCONF).replace(SAMPLE, case.number),
        tone=state_tone(case.state),
        source=Source(case.source).label,
        unit=unit.name if unit else "",
        place=f"待定位 · {case.division.name}" if case.to_place else case.division.name,
        others=others,
        title=fulltext.mark(case.title, text) if text else [(case.title, False)],
        excerpt=excerpt,
        excerpt_of=excerpt_of,
    )


@cache
def _case_url(_site: str) -> str:
    """Made once: fifty a page."""
    return reverse("work:case", args=[SAMPLE])


def _excerpt(case: "Case", text: str) -> tuple[str, list[Piece]]:
    """From the first of its texts in which a word stands, unless the title says it already."""
    if fulltext.matches(case.title, text) or "body" in case.get_deferred_fields():
        return "", []
    for label, name in TEXTS:
        if pieces := fulltext.excerpt(getattr(case, name), text, length=EXCERPT):
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
