"""One structure, two forms: XML as the specification draws it, JSON by its Spark convention (the
root falls away, a list of elements becomes an array)."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse

from yukuai.kernel.clock import SHANGHAI

XML, JSON = "xml", "json"
FORMATS = {XML: "text/xml", JSON: "application/json"}
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What an element of a list is called."""
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML 1.0 document may hold, not even escaped."""


def respond(root: str, content: Any, *, fmt: str, status: int = 200) -> HttpResponse:
    """A list below `root`, or a mapping whose root it is. Moments are written with their zone."""
    if fmt == JSON:
        words = json.dumps(_plain(content), ensure_ascii=False)
    else:
        words = DECLARATION + ElementTree.tostring(_element(root, content), encoding="unicode")
    kind = FORMATS.get(fmt, FORMATS[XML])
    return HttpResponse(words, status=status, content_type=f"{kind}; charset=utf-8")


def moment(at: datetime | None) -> str | None:
    """W3C date and time, to the second: 2026-03-02T12:00:00+08:00."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds") if at else None


def _plain(content: Any) -> Any:
    """An empty text is null, as in the specification's examples."""
    if isinstance(content, Mapping):
        return {name: _plain(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return None if content == "" else content


def _element(name: str, content: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(content, Mapping):
        element.extend(_element(key, value) for key, value in content.items())
    elif isinstance(content, list | tuple):
        element.extend(_element(ITEMS[name], value) for value in content)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None and content != "":
        element.text = _NOT_XML.sub("", str(content))
    return element
