"""The rows of a list of matters: fifty a page, hundreds of pages a second, so made in one go.

What stands here is the body of templates/work/casework/rows.html; a template would look up and
escape a thousand values a page one by one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from yukuai.cases.states import CaseState, Triage
from yukuai.kernel import wording
from yukuai.kernel.templatetags.look import chip, due_chip

if TYPE_CHECKING:
    from yukuai.kernel.fulltext import Piece

register = template.Library()
STATES: dict[str, str] = {state.value: str(state.label) for state in CaseState}
TRIAGES: dict[str, str] = {triage.value: str(triage.label) for triage in Triage}
URGENT = mark_safe(' · <b class="latenum">紧急</b>')
NOTHING = SafeString("")
ROW = (
    '<tr><td><a class="strong" href="{}">{}</a>{}'
    '<span class="sub"><span class="num">{}</span> · {}{}{}</span></td>'
    '<td data-label="在哪里">{}</td><td data-label="哪一类">{}{}</td>'
    '<td data-label="到哪一步">{}</td><td data-label="谁来办">{}</td>'
    '<td data-label="期限">{}</td><td class="n" data-label="收到">{}</td></tr>'
)


@register.simple_tag
def case_rows(rows: Iterable[Any], now: datetime) -> SafeString:
    return mark_safe("".join(_row(row, now) for row in rows))


def _row(row: Any, now: datetime) -> SafeString:
    case = row.case
    kind = format_html('<span class="sub">{}</span>', case.category.name) if case.category else ""
    others = f" · 另有 {row.others} 人也遇到" if row.others else ""
    return format_html(
        ROW,
        row.url,
        _pieces(row.title),
        _excerpt(row),
        case.number,
        row.source,
        URGENT if case.urgent else NOTHING,
        others,
        row.place,
        TRIAGES.get(case.triage, ""),
        kind,
        chip(row.tone, STATES[case.state]),
        row.unit,
        due_chip(case.promised_at, now) if row.is_running else NOTHING,
        wording.day(case.received_at, now=now),
    )


def _excerpt(row: Any) -> SafeString:
    if not row.excerpt:
        return NOTHING
    words = _pieces(row.excerpt)
    return format_html('<span class="sub excerpt">{}{}</span>', row.excerpt_of, words)


def _pieces(pieces: "Sequence[Piece]") -> SafeString:
    """Words of a text, those that were asked for marked."""
    if len(pieces) == 1 and not pieces[0][1]:
        return escape(pieces[0][0])
    marked = (
        (mark_safe("<mark>") if found else "", words, mark_safe("</mark>") if found else "")
        for words, found in pieces
    )
    return format_html_join("", "{}{}{}", marked)
