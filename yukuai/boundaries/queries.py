"""Reads. A draft is there for those who draw at its place and for the levels above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from yukuai.accounts.policy import Actor, Permission
from yukuai.boundaries.checking import lie_within
from yukuai.boundaries.models import DraftShape, GroundChange, LineDraft, LineReview, Receipt
from yukuai.boundaries.rules import LAYER_WORDS, LAYERS, kinds_of, limits_of, tiles_parent
from yukuai.boundaries.states import OPEN, LineState
from yukuai.divisions.lines import list_beside, list_lines, list_siblings
from yukuai.divisions.queries import list_at, list_names
from yukuai.engines.partition import canonical, from_wkb, tiles
from yukuai.kernel.errors import NotFound

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

P = Permission
AROUND = 60
"""Neighbours shown around the parent."""


def list_drafts(actor: Actor) -> QuerySet[LineDraft]:
    """Those the actor draws, or approves, the last changed first."""
    mine = Q(area__in=actor.paths_for(P.BOUNDARY_DRAW))
    for path in actor.paths_for(P.BOUNDARY_APPROVE):
        mine |= _above(path)
    rows = LineDraft.objects.filter(mine).select_related("division")
    return rows.order_by("-changed_at", "-pk")


def _above(path: str) -> Q:
    within = Q(area__within=path)
    return within if path.count(".") < 2 else within & ~Q(area=path)


def get_draft(actor: Actor, *, number: str, locked: bool = False) -> LineDraft:
    """Raises NotFound, also for what the actor may not see."""
    rows = list_drafts(actor)
    if locked:
        rows = rows.select_for_update(of=("self",))
    draft = rows.filter(number=number.upper()[:20]).first()
    if draft is None:
        raise NotFound("没有这份界线草案，或者不归您看。请回到列表重新选。")
    return draft


def get_draft_by_id(actor: Actor, *, draft_id: int, locked: bool = False) -> LineDraft:
    rows = list_drafts(actor)
    if locked:
        rows = rows.select_for_update(of=("self",))
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise NotFound("没有这份界线草案。")
    return draft


def list_mine(actor: Actor) -> QuerySet[LineDraft]:
    """What is drawn at the actor's own place and not over."""
    rows = LineDraft.objects.filter(area__in=actor.paths_for(P.BOUNDARY_DRAW), state__in=OPEN)
    return rows.select_related("division").order_by("-changed_at", "-pk")


def list_waiting(actor: Actor) -> QuerySet[LineDraft]:
    """What waits for the actor's approval: of the level just below first, drawn by another."""
    rows = list_drafts(actor).filter(state=LineState.SUBMITTED)
    for path in actor.paths_for(P.BOUNDARY_DRAW):
        if path.count(".") > 1:
            rows = rows.exclude(area=path)
    if actor.user_id is not None:
        rows = rows.exclude(drawers__contains=[actor.user_id])
    return rows.order_by("submitted_at", "pk")


def list_reviews(actor: Actor) -> QuerySet[LineReview]:
    """Layers the actor draws that do not fit their parent any more."""
    rows = LineReview.objects.filter(area__in=actor.paths_for(P.BOUNDARY_DRAW), cleared_at=None)
    return rows.select_related("division").order_by("since", "pk")


def list_reviews_because(actor: Actor, *, number: str) -> QuerySet[LineReview]:
    """What does not fit any more since a draft took effect."""
    rows = LineReview.objects.filter(because=number, cleared_at=None)
    return rows.select_related("division").order_by("area", "layer")


def list_due(actor: Actor, *, on: date) -> list[int]:
    """Ids of what was approved and whose day has come, the upper levels first."""
    rows = LineDraft.objects.filter(state=LineState.APPROVED, effective__lte=on)
    found = rows.values_list("area", "pk")
    return [pk for _area, pk in sorted(found, key=lambda row: (row[0].count("."), row[1]))]


@dataclass(frozen=True)
class Startable:
    """A layer the actor could draw; `draft` is the one that is open."""

    parent: "Division"
    layer: str
    children: int
    draft: LineDraft | None

    @property
    def word(self) -> str:
        return LAYER_WORDS[self.layer]


def list_startable(actor: Actor) -> list[Startable]:
    found = []
    drafts = {(one.division_id, one.layer): one for one in list_mine(actor)}
    for parent in list_at(actor, paths=actor.paths_for(P.BOUNDARY_DRAW)):
        for layer in LAYERS.get(parent.kind, ()):
            count = len(list_children(actor, parent=parent, layer=layer))
            found.append(Startable(parent, layer, count, drafts.get((parent.pk, layer))))
    return found


def list_children(actor: Actor, *, parent: "Division", layer: str) -> list["Division"]:
    """The living divisions drawn together."""
    return list_siblings(actor, parent=parent, kind=kinds_of(layer)[0])


def list_shapes(draft: LineDraft) -> dict[int, DraftShape]:
    return {
        row.child_id: row for row in DraftShape.objects.filter(draft=draft).order_by("child_id")
    }


def list_grounds(draft: LineDraft) -> list[GroundChange]:
    return list(GroundChange.objects.filter(draft=draft).order_by("-m2", "pk"))


def list_receipts(actor: Actor, *, draft: LineDraft) -> list[Receipt]:
    return list(Receipt.objects.filter(draft=draft).order_by("thing"))


def list_unfinished(actor: Actor) -> list[int]:
    """Drafts whose things have not all followed yet."""
    rows = Receipt.objects.filter(finished_at=None).order_by("draft_id")
    return list(dict.fromkeys(rows.values_list("draft_id", flat=True)))


@dataclass(frozen=True)
class Sheet:
    """Everything a draft is drawn on: the parent, who lies around it, its children."""

    draft: LineDraft
    parent: bytes | None
    around: Sequence[tuple["Division", bytes]]
    children: Sequence[tuple["Division", DraftShape | None]]
    names: Mapping[int, str]
    snap_m: float


def get_sheet(actor: Actor, *, draft: LineDraft) -> Sheet:
    shapes = list_shapes(draft)
    children = list_children(actor, parent=draft.division, layer=draft.layer)
    line = next(iter(list_lines(actor, division_ids=[draft.division_id])), None)
    told = [pk for one in draft.findings for pk in (*one["who"], *one["owners"])]
    return Sheet(
        draft=draft,
        parent=line.geom if line else None,
        around=list_beside(actor, division=draft.division, line=line.geom, most=AROUND)
        if line
        else (),
        children=[(child, shapes.get(child.pk)) for child in children],
        names=list_names(actor, division_ids=[*told, *(child.pk for child in children)]),
        snap_m=limits_of(draft.layer).snap_m,
    )


def needs_review(actor: Actor, *, parent: "Division", layer: str) -> bool:
    """Whether lines of this layer are drawn, and do not tile their parent as it is now."""
    children = list_children(actor, parent=parent, layer=layer)
    lines = list_lines(actor, division_ids=[parent.pk, *(child.pk for child in children)])
    areas = {line.division_id: canonical(from_wkb(line.geom)) for line in lines}
    whole = areas.pop(parent.pk, None)
    if whole is None or not areas:
        return False
    if tiles_parent(layer):
        return not tiles(whole, list(areas.values()))
    return not lie_within(whole, list(areas.values()))
