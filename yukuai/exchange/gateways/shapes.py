"""Bodies in and out: JSON or XML, read by paths like `data.list`, written from such paths."""

import json
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from yukuai.exchange.gateways.port import Unreachable

DEPTH = 12
FORMATS = {"json": "application/json", "xml": "application/xml"}


def read(form: str, body: bytes) -> Any:
    """Nested dicts, lists and plain values. Raises Unreachable: half an answer is none."""
    try:
        return json.loads(body) if form == "json" else _of_xml(body)
    except (ValueError, RecursionError, ElementTree.ParseError):
        raise Unreachable("对方的回应读不懂，可能没有写完。") from None


def write(form: str, values: Mapping[str, Any], *, root: str = "request") -> bytes:
    """`values`: path to value; the same beginnings become one object."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        *above, last = path.split(".")
        place = tree
        for name in above:
            place = place.setdefault(name, {})
        place[last] = value
    if form == "json":
        return json.dumps(tree, ensure_ascii=False).encode()
    element = _to_xml(root, tree)
    return bytes(ElementTree.tostring(element, encoding="utf-8", xml_declaration=True))


def dig(tree: Any, path: str) -> Any:
    """The value at a path, or None."""
    for name in path.split(".") if path else ():
        if not isinstance(tree, dict):
            return None
        tree = tree.get(name)
    return tree


def text(tree: Any, path: str) -> str:
    """As words: '' where there is none, or where something nested stands."""
    found = dig(tree, path) if path else None
    if found is None or isinstance(found, dict | list):
        return ""
    return str(found).replace("\x00", "").strip()


def listed(tree: Any, path: str) -> list[Any]:
    """A list at a path; one thing alone is a list of one, as XML cannot tell them apart."""
    found = dig(tree, path)
    if found is None or found == "":
        return []
    return found if isinstance(found, list) else [found]


def _of_xml(body: bytes) -> Any:
    plain = body.decode("utf-8-sig")  # another encoding could hide what is looked for here
    if "<!" in plain.replace("<![CDATA[", ""):  # no DOCTYPE, so no entities
        raise ValueError
    root = ElementTree.fromstring(plain)
    return {root.tag: _content(root, DEPTH)}


def _content(element: ElementTree.Element, depth: int) -> Any:
    if depth == 0:
        raise ValueError
    children = list(element)
    if not children:
        return (element.text or "").strip()
    found: dict[str, Any] = {}
    for child in children:
        value = _content(child, depth - 1)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found


def _to_xml(tag: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(tag)
    if isinstance(value, dict):
        element.extend([_to_xml(name, inner) for name, inner in value.items()])
    else:
        element.text = str(value)
    return element
