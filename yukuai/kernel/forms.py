"""Form fields as Django's own templates write them, without running a template for each option.

A page with a filter has a hundred options; each was a template of its own, a fifth of the page.
"""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

FOLDER = "django/forms/widgets/"
INPUTS = frozenset(
    f"{FOLDER}{name}.html"
    for name in (
        *("input", "text", "number", "email", "url", "password", "hidden", "checkbox"),
        *("date", "datetime", "time", "tel", "search"),
    )
)


class Renderer(DjangoTemplates):
    """`settings.FORM_RENDERER`. What it does not know goes to the templates."""

    def render(
        self, template_name: str, context: Mapping[str, Any], request: Any = None
    ) -> SafeString:
        if template_name == f"{FOLDER}select.html":
            return mark_safe(_select(context["widget"]))
        if template_name in INPUTS:
            return mark_safe(_input(context["widget"]))
        return mark_safe(super().render(template_name, dict(context), request))


def _select(widget: Mapping[str, Any]) -> str:
    lines = [f'<select name="{escape(widget["name"])}"{_attrs(widget["attrs"])}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            lines.append(f'  <optgroup label="{escape(name)}">')
        lines += [_option(option) for option in options]
        if name:
            lines.append("  </optgroup>")
    return "\n".join([*lines, "</select>\n"])


def _option(option: Mapping[str, Any]) -> str:
    value, label = escape(str(option["value"])), escape(option["label"])
    return f'  <option value="{value}"{_attrs(option["attrs"])}>{label}</option>'


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    name = escape(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{value}{_attrs(widget["attrs"])}>\n'


def _attrs(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )
