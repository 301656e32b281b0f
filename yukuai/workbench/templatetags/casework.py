"""The rows of a list of matters: fifty a page, hundreds of pages a second, so made in one go.

What stands here is the body of templates/work/casework/rows.html; a template would look up and
escape a thousand values a page one by one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from yukuai.cases.states import Triage
from yukuai.kernel import wording
from yukuai.kernel.templatetags.look import chip, due_chip

if TYPE_CHECKING:
    from yukuai.kernel.fulltext import Piece

register = template.Library()
TRIAGES: dict[str, str] = {triage.value: str(triage.label) for triage in Triage}
URGENT = ' · <b class="latenum">紧急</b>'
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


def _row(row: Any, now: datetime) -> str:
    """What a person wrote or named is escaped here; the rest are our own words."""
    case = row.case
    return ROW.format(
        row.url,
        _pieces(row.title),
        _excerpt(row) if row.excerpt else "",
        case.number,
        row.source,
        URGENT if case.urgent else "",
        f" · 另有 {row.others} 人也遇到" if row.others else "",
        escape(row.place),
        TRIAGES.get(case.triage, ""),
        f'<span class="sub">{escape(case.category)}</span>' if case.category else "",
        chip(row.tone, case.state_label),
        escape(case.unit),
        due_chip(case.promised_at, now) if case.is_running else "",
        wording.day(case.received_at, now=now),
    )


def _excerpt(row: Any) -> str:
    return f'<span class="sub excerpt">{escape(row.excerpt_of)}{_pieces(row.excerpt)}</span>'


def _pieces(pieces: "Sequence[Piece]") -> SafeString:
    """Words of a text, those that were asked for marked."""
    if len(pieces) == 1 and not pieces[0][1]:
        return escape(pieces[0][0])
    marked = (
        (mark_safe("<mark>") if found else "", words, mark_safe("</mark>") if found else "")
        for words, found in pieces
    )
    return format_html_join("", "{}{}{}", marked)
