"""The words of the design system in templates: docs/design-system.md, /dev/components."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yukuai.kernel import clock, wording

register = template.Library()

CHIP_ICONS = {
    "run": "run",
    "done": "done",
    "soon": "clock",
    "late": "stop",
    "wait": "pause",
    "off": "dash",
    "yours": "flag",
}
SIZES = {"": "", "sm": " ico--sm", "lg": " ico--lg"}


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A symbol of static/icons.svg. Decorative unless `label` says what it means."""
    return _drawn(name, size, str(label))


@lru_cache(maxsize=2048)
def _drawn(name: str, size: str, label: str) -> SafeString:
    return format_html(
        '<svg class="ico{}" {}><use href="{}#i-{}"/></svg>',
        SIZES[size],
        _said(label),
        static("icons.svg"),
        name,
    )


@register.simple_tag
def chip(tone: str, words: str, symbol: str = "") -> SafeString:
    """A state: colour, icon and word together, so that none carries it alone."""
    return _stamped(tone, str(words), symbol or CHIP_ICONS[tone])


@lru_cache(maxsize=2048)
def _stamped(tone: str, words: str, symbol: str) -> SafeString:
    return format_html(
        '<span class="chip chip--{}">{}{}</span>', tone, _drawn(symbol, "", ""), words
    )


@register.simple_tag
def due_chip(due: date | datetime, now: datetime | None = None) -> SafeString:
    """The deadline of a row as a chip: 超 6 小时, 12:00 前, 11月24日."""
    tone, words = wording.due_words(due, now=now or clock.now())
    return chip(tone, words, "calendar" if tone == "off" else "")


@register.inclusion_tag("parts/clock.html", name="clock")
def show_clock(
    starts: datetime,
    due: date | datetime,
    now: datetime,
    label: str = "",
    met: datetime | None = None,
) -> dict[str, object]:
    """What, by when, how long left: words and a bar. `met` is when it was fulfilled."""
    if met:
        broken = met > wording.end_of(due)
        return {
            "label": label,
            "by": wording.deadline(due, now=now),
            "left": wording.outcome(due, met, now=now),
            "tone": "late" if broken else "done",
            "width": wording.percent_used(starts, due, now=met),
        }
    return {
        "label": label,
        "by": wording.deadline(due, now=now),
        "left": wording.left(due, now=now),
        "tone": wording.tone(starts, due, now=now),
        "width": wording.percent_used(starts, due, now=now),
    }


@register.inclusion_tag("parts/field.html")
def field(
    bound: BoundField,
    *,
    label: str = "",
    opt: str = "",
    help: str = "",
    known: str = "",
    layout: str = "",
    hide_label: bool = False,
    counter: int = 0,
    extra_class: str = "",
) -> dict[str, object]:
    """A form field with its label, help and error placed and tied together.

    `opt` is the light word beside the label (可以不填 for optional fields), `known` the source of a
    pre-filled fact, `layout` row or picks for choices, `counter` the most characters of a textarea.
    """
    shape = _shape(bound)
    note = known or help or str(bound.help_text or "")
    described = _described(bound, note)
    value = str(bound.value() or "") if counter else ""
    return {
        "bound": bound,
        "shape": shape,
        "label": label or bound.label,
        "opt": opt or ("" if bound.field.required or shape == "check" else "可以不填"),
        "note": note,
        "described": described,
        "layout": layout,
        "hide_label": hide_label,
        "counter": counter,
        "length": len(value),
        "extra_class": extra_class,
        "is_radio": isinstance(bound.field.widget, RadioSelect),
        "options": list(_options(bound)) if shape == "choices" else [],
        "control": "" if shape == "choices" else _control(bound, shape, described, bool(known)),
    }


@register.inclusion_tag("parts/photos_field.html")
def photos(
    bound: BoundField, *, most: int = 3, label: str = "", help: str = ""
) -> dict[str, object]:
    """A file field for a few photos; the island shows, shrinks and removes them."""
    note = help or str(bound.help_text or "")
    described = f"{bound.auto_id}_error" + (f" {bound.auto_id}_help" if note else "")
    attrs: dict[str, Any] = {"class": "input", "accept": "image/*", "aria-describedby": described}
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "label": label or bound.label,
        "most": most,
        "note": note,
    }


def _described(bound: BoundField, note: str) -> str:
    """The ids that parts/field_notes.html gives to the error and the help."""
    error = [f"{bound.auto_id}_error"] if bound.errors else []
    return " ".join([*error, *([f"{bound.auto_id}_help"] if note else [])])


def _shape(bound: BoundField) -> str:
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "text" if isinstance(widget, Textarea) else "line"


def _control(bound: BoundField, shape: str, described: str, known: bool) -> SafeString:
    attrs: dict[str, Any] = {}
    if shape in {"text", "line"}:
        own = bound.field.widget.attrs.get("class", "")
        attrs["class"] = " ".join(filter(None, ["input", "input--known" if known else "", own]))
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return bound.as_widget(attrs=attrs)


def _options(bound: BoundField) -> Iterator[dict[str, object]]:
    """A choice's second line, after a line break in its label, is said smaller."""
    for option in bound.subwidgets:
        title, _, note = str(option.choice_label).partition("\n")
        yield {"control": option.tag(), "id": option.id_for_label, "title": title, "note": note}


@register.simple_tag(takes_context=True)
def current(context: Context, url: str) -> SafeString | str:
    """`aria-current` for a link whose page, or a page below it, is being shown."""
    path = getattr(context.get("request"), "path", "")
    if path == url:
        return format_html(' aria-current="{}"', "page")
    if url != "/" and path.startswith(url):
        return format_html(' aria-current="{}"', "true")
    return ""


@register.simple_tag
def bar(value: float, of: float = 100, tone: str = "f", before: float | None = None) -> SafeString:
    """A small horizontal bar from zero; `before` is the previous period, drawn light below."""
    height, lower = (8, SafeString("")) if before is None else (14, _lower(before, of))
    return format_html(
        '<svg class="bar" viewBox="0 0 100 {}" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="b" width="100" height="{}"/>{}'
        '<rect class="{}" width="{}" height="{}"/></svg>',
        height,
        height,
        lower,
        tone,
        _percent(value, of),
        8 if before is None else 9,
    )


def _lower(before: float, of: float) -> SafeString:
    return format_html('<rect class="f2" y="9" width="{}" height="5"/>', _percent(before, of))


@register.simple_tag
def spark(values: Sequence[float], label: str = "") -> SafeString:
    """A line of the last periods, oldest first; `label` is what a screen reader hears."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = 92 / (len(values) - 1)
    points = [(2 + i * step, 22 - 18 * (v - low) / span) for i, v in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="0 0 96 26" {}><path class="area" d="M2 26L{}L94 26z"/>'
        '<polyline points="{}"/><circle class="end" cx="{}" cy="{}" r="2.6"/></svg>',
        _said(label),
        line.replace(" ", "L"),
        line,
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )


def _said(label: str) -> SafeString:
    if not label:
        return SafeString('aria-hidden="true"')
    return format_html('role="img" aria-label="{}"', label)


def _percent(value: float, of: float) -> str:
    return f"{max(0.0, min(100.0, 100 * value / of)) if of else 0:.1f}"


@register.filter
def day(value: date | datetime | None, now: datetime | None = None) -> str:
    return wording.day(value, now=now or clock.now()) if value else ""


@register.filter
def near_day(value: date | datetime | None, now: datetime | None = None) -> str:
    return wording.near_day(value, now=now or clock.now()) if value else ""


@register.filter
def weekday(value: date | datetime | None) -> str:
    return wording.weekday(value) if value else ""


@register.filter
def moment(value: datetime | None, now: datetime | None = None) -> str:
    return wording.moment(value, now=now or clock.now()) if value else ""


@register.filter
def deadline(value: date | datetime | None, now: datetime | None = None) -> str:
    return wording.deadline(value, now=now or clock.now()) if value else ""


@register.filter
def left(value: date | datetime | None, now: datetime | None = None) -> str:
    return wording.left(value, now=now or clock.now()) if value else ""


@register.filter
def took(ended: datetime | None, started: datetime) -> str:
    """办了多久: 3 天, 6 小时."""
    return wording.length(ended - started) if ended else ""


@register.filter
def tail4(value: str | None) -> str:
    return wording.tail4(value or "")


@register.filter
def phone_groups(value: str | None) -> str:
    return wording.phone_groups(value or "")


@register.filter
def thousands(value: int | None) -> str:
    """1684 → 1,684."""
    return "" if value is None else f"{value:,}"


@register.filter
def capped(value: int, cap: int = 1000) -> str:
    return wording.capped(value, cap=cap)
