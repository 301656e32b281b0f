"""The places of a board, forty in a city: made in one go, as the rows of a list are."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from yukuai.kernel.templatetags.look import bar, spark

if TYPE_CHECKING:
    from yukuai.oversight.queries import Line

register = template.Library()
NO_RATE = mark_safe('<span class="meta">还没有</span>')
ROW = (
    '<tr><td><a class="strong" href="{}?period={}">{}</a></td>'
    '<td class="n" data-label="收到">{}</td><td data-label="近 12 周">{}</td>'
    '<td data-label="按时答复">{}</td><td data-label="居民说“解决了”">{}</td>'
    '<td class="n" data-label="在办">{}</td><td class="n" data-label="今天到期">{}</td>'
    '<td class="n" data-label="超期">{}</td></tr>'
)


@register.simple_tag
def rate(share: float | None, short: bool = False) -> SafeString:
    """Per cent with its bar; `short` is below what the head of the table promises."""
    if share is None:
        return NO_RATE
    drawn = bar(share, 100, "soon" if short else "f")
    return format_html(
        '<span class="pct"><span class="num">{}%</span>{}</span>', f"{share:g}", drawn
    )


@register.simple_tag
def place_rows(lines: Iterable["Line"], period: str) -> SafeString:
    return format_html_join("\n", ROW, (_cells(line, period) for line in lines))


def _cells(line: "Line", period: str) -> tuple[object, ...]:
    n = line.numbers
    return (
        reverse("work:board-place", args=[line.division.id]),
        period,
        line.division.name,
        n.received,
        spark(n.weeks),
        rate(n.on_time_rate, line.falls_short),
        rate(n.solved_rate),
        n.open,
        n.due_today,
        format_html('<b class="latenum">{}</b>', n.overdue) if n.overdue else 0,
    )
