"""A draft as the editor reads it: one document, geometries in degrees of EPSG:4490."""

from collections.abc import Iterable, Mapping
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.boundaries.queries import Sheet, get_sheet
from yukuai.boundaries.states import LINE_WORKFLOW
from yukuai.engines.partition import from_wkb, to_geojson
from yukuai.kernel import clock
from yukuai.workflow.queries import list_offers


def document_of(actor: Actor, draft: Any, *, with_proposal: bool = False) -> dict[str, Any]:
    """A step of a reading."""
    sheet = get_sheet(actor, draft=draft)
    said = {
        "draft": _draft(actor, draft),
        "parent": _feature(sheet.parent, {"id": draft.division_id, "name": draft.division.name}),
        "around": _collection(
            _feature(line, {"id": one.pk, "name": one.name}) for one, line in sheet.around
        ),
        "children": _collection(_children(sheet)),
        "undrawn": [
            {"id": child.pk, "name": child.name}
            for child, shape in sheet.children
            if shape is None or not shape.drawn
        ],
        "findings": [finding_of(one, sheet.names) for one in draft.findings],
        "accepted": draft.accepted,
        "reason": draft.reason,
        "limits": {"snap_m": sheet.snap_m},
    }
    if with_proposal:
        said["proposal"] = _collection(_proposal(sheet))
    return said


def _draft(actor: Actor, draft: Any) -> dict[str, Any]:
    return {
        "number": draft.number,
        "state": draft.state,
        "state_label": draft.get_state_display(),
        "version": draft.version,
        "layer": draft.layer,
        "layer_label": draft.layer_word,
        "basis": draft.basis,
        "effective": str(draft.effective) if draft.effective else None,
        "can": can(actor, draft),
    }


def can(actor: Actor, draft: Any) -> dict[str, bool]:
    """What this actor may do with it now. Submitting asks for the basis, which its form has."""
    offers = {one.move.name: one.allowed for one in list_offers(actor, obj=draft, at=clock.now())}
    edit = offers["withdraw"] and draft.state in LINE_WORKFLOW.move("submit").sources
    return {
        "edit": edit,
        "check": edit,
        "submit": edit and draft.accepted,
        "approve": offers["approve"],
        "return": offers["return"],
        "withdraw": offers["withdraw"],
    }


def _children(sheet: Sheet) -> Iterable[dict[str, Any]]:
    for child, shape in sheet.children:
        if shape is not None and shape.drawn:
            said = _said(child) | {"declared_exclave": shape.declared_exclave}
            yield {"type": "Feature", "geometry": shape.drawn, "properties": said}


def _proposal(sheet: Sheet) -> Iterable[dict[str, Any]]:
    for child, shape in sheet.children:
        if shape is not None and shape.proposal is not None:
            yield _feature(shape.proposal, _said(child))


def _said(child: Any) -> dict[str, Any]:
    return {"id": child.pk, "name": child.name, "code": child.code, "kind": child.kind}


def finding_of(one: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """With the names of those it is about."""
    who = "、".join(names.get(pk, "") for pk in one["who"])
    sentence = f"{who}：{one['sentence']}" if who else one["sentence"]
    if one["decided"] in names and len(one["owners"]) > 1:
        sentence += f"按规则归{names[one['decided']]}。"
    owners = [{"id": pk, "name": names[pk]} for pk in one["owners"] if pk in names]
    return {**one, "sentence": sentence, "owners": owners}


def _feature(line: bytes | None, said: dict[str, Any]) -> dict[str, Any]:
    geometry = to_geojson(from_wkb(line)) if line is not None else None
    return {"type": "Feature", "geometry": geometry, "properties": said}


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
