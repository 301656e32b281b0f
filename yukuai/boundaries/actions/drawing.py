"""A drawing begins with the lines in effect; shapes come in by hand or from a file, and are checked
each time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.boundaries.actions._steps import (
    NO_PARENT,
    current_lines,
    lock_to_edit,
    recheck,
    touched,
    trace,
)
from yukuai.boundaries.matching import Match, match
from yukuai.boundaries.models import DraftShape, LineDraft
from yukuai.boundaries.queries import list_children, list_shapes
from yukuai.boundaries.rules import LAYER_WORDS, LAYERS
from yukuai.boundaries.states import drawn_here
from yukuai.divisions.queries import get_division
from yukuai.engines.mapfiles import CRS, Feature, Refused, read_geometry
from yukuai.engines.partition import Limits, Unreadable, from_geojson, to_geojson
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted
from yukuai.workflow.actions import remember

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

MOST_VERTICES = Limits().max_vertices


@action
def start_draft(actor: Actor, *, parent_id: int, layer: str, at: datetime) -> LineDraft:
    """With the lines in effect, as far as there are any. One open draft of a layer at a time."""
    parent = get_division(actor, division_id=parent_id)
    draft = LineDraft(division=parent, area=parent.path, layer=layer)
    policy.require(actor, Permission.BOUNDARY_DRAW, parent)
    if objection := drawn_here(actor, draft, at):
        raise NotPermitted(objection)
    children = _children(actor, parent, layer)
    lines = current_lines(actor, [parent.pk, *(child.pk for child in children)])
    if parent.pk not in lines:
        raise Conflict(NO_PARENT.format(name=parent.name))
    draft.number, draft.drawn_by, draft.started_at = _next_number(at), actor.label, at
    _insert(draft, actor, at)
    for child in children:
        line = lines.get(child.pk)
        DraftShape.objects.create(
            draft=draft,
            division=parent,
            child_id=child.pk,
            drawn=to_geojson(line) if line is not None else None,
            declared_exclave=line is not None and line.parts > 1,
        )
    recheck(actor, draft)
    remember(actor, draft, move="start", at=at)
    trace(actor, draft, "start", at=at, layer=layer)
    return draft


def _children(actor: Actor, parent: "Division", layer: str) -> list["Division"]:
    if layer not in LAYERS.get(parent.kind, ()):
        raise InvalidInput("选要画的一级。", fields={"layer": "选要画的一级。"})
    children = list_children(actor, parent=parent, layer=layer)
    if not children:
        raise Conflict(f"“{parent.name}”下面还没有{LAYER_WORDS[layer]}，请先在区划里设立。")
    return children


def _insert(draft: LineDraft, actor: Actor, at: datetime) -> None:
    draft.changed_at = at
    draft.drawers = [actor.user_id] if actor.user_id is not None else []
    try:
        draft.save(force_insert=True)
    except IntegrityError as error:
        if "linedraft_one_at_a_time" not in str(error):
            raise
        sentence = f"“{draft.division.name}”的{draft.layer_word}界线已经有一份草案没有办完。"
        raise Conflict(sentence) from error


def _next_number(at: datetime) -> str:
    """JX-YYYY-NNNNNN: from a sequence, so that two who begin do not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('boundaries_number')")
        (serial,) = cursor.fetchone()
    return f"JX-{at.astimezone(SHANGHAI):%Y}-{serial:06d}"


@action
def save_shapes(
    actor: Actor,
    *,
    number: str,
    version: int,
    shapes: Mapping[int, Any],
    at: datetime,
) -> LineDraft:
    """Some children or all, as GeoJSON geometries, None where nothing is drawn; also dirty ones.
    Raises Stale, InvalidInput."""
    draft = lock_to_edit(actor, number, version, at)
    _keep(draft, {pk: _readable(geometry) for pk, geometry in shapes.items()})
    touched(actor, draft, at)
    recheck(actor, draft)
    trace(actor, draft, "draw", at=at, children=sorted(shapes))
    return draft


@action
def import_shapes(
    actor: Actor,
    *,
    number: str,
    features: Sequence[Feature],
    crs: CRS,
    file: str,
    at: datetime,
) -> Match:
    """The areas of a file, matched to children by code, then by name. What the draft had of others
    stays; what does not match is listed. Raises InvalidInput, where nothing matches."""
    draft = lock_to_edit(actor, number, None, at)
    children = list_children(actor, parent=draft.division, layer=draft.layer)
    found = match(features, children)
    if not found.matched:
        raise InvalidInput(
            "文件里没有一个图形对得上要画的下级：编码、名称都不同。请核对属性里的编码或名称。",
            fields={"file": "没有一个图形对得上。"},
        )
    try:
        shapes = {pk: one.geometry(crs) for pk, one in found.matched.items()}
    except Refused as error:
        raise InvalidInput(str(error), fields={"file": str(error)}) from error
    _keep(draft, shapes)
    draft.imported = {
        "file": file[:120],
        "crs": str(crs),
        "matched": len(found.matched),
        "unmatched": list(found.unmatched),
        "missing": list(found.missing),
    }
    touched(actor, draft, at)
    recheck(actor, draft)
    trace(actor, draft, "import", at=at, file=file[:120], crs=str(crs), matched=len(found.matched))
    return found


def _readable(geometry: Any) -> Any:
    """As it was given, once it can be read at all. Raises InvalidInput."""
    if geometry is None:
        return None
    try:
        read_geometry(geometry)
        from_geojson(geometry)
    except (Refused, Unreadable) as error:
        raise InvalidInput(str(error)) from error
    return {"type": geometry["type"], "coordinates": geometry["coordinates"]}


def _keep(draft: LineDraft, given: Mapping[int, Any]) -> None:
    shapes = list_shapes(draft)
    if strangers := given.keys() - shapes.keys():
        raise InvalidInput(f"有 {len(strangers)} 个图形不属于这份草案要画的下级。")
    kept = {pk: shape.drawn for pk, shape in shapes.items()} | dict(given)
    vertices = sum(len(from_geojson(one).xy) for one in kept.values() if one)
    if vertices > MOST_VERTICES:
        raise InvalidInput(f"顶点共 {vertices} 个，超过上限 {MOST_VERTICES} 个，请先抽稀。")
    for pk, geometry in given.items():
        shapes[pk].drawn = geometry
        shapes[pk].save(update_fields=["drawn"])
