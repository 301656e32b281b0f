"""What a record may point to besides its community: things of the same community."""

from collections.abc import Mapping
from typing import Any

from yukuai.divisions.queries import get_division
from yukuai.kernel.actions import Acts
from yukuai.kernel.errors import InvalidInput
from yukuai.registry.models import Building, Dwelling, Person
from yukuai.registry.states import Kind

CELLS = ("compound_id", "group_id", "grid_id")
LINKS: dict[str, tuple[str, ...]] = {
    Kind.BUILDING: CELLS,
    Kind.DWELLING: ("building_id", "entrance_id", *CELLS),
    Kind.HOUSEHOLD: ("dwelling_id",),
    Kind.ORGANISATION: ("dwelling_id",),
    Kind.OFFICE_HOLDER: ("person_id",),
}
Links = Mapping[str, int | None]


def checked_links(
    actor: Acts, kind: str, links: Links | None, division: Any
) -> dict[str, int | None]:
    """A step: those that a record of this kind may have, each there and of this community. A
    dwelling lies in the compound, group and grid of its building unless it says otherwise."""
    given = {name: pk for name, pk in (links or {}).items() if name in LINKS.get(kind, ())}
    if kind == Kind.DWELLING:
        given = _of_building(given, division)
    for name, rows, sentence in (
        ("dwelling_id", Dwelling.objects.filter(division=division), "这间房不在本社区。"),
        ("person_id", Person.objects.filter(division=division), "这个人不在本社区的底数里。"),
    ):
        pk = given.get(name)
        if pk is not None and not rows.filter(pk=pk).exists():
            raise InvalidInput(sentence, fields={name.removesuffix("_id"): sentence})
    for name in CELLS:
        pk = given.get(name)
        if pk is None:
            continue
        cell = get_division(actor, division_id=pk)
        if (cell.parent_id, cell.kind, cell.valid_to) != (division.pk, name[:-3], None):
            raise InvalidInput("小区、小组和网格要在本社区里选。")
    return given


def _of_building(given: dict[str, int | None], division: Any) -> dict[str, int | None]:
    wanted = given.get("building_id") or 0
    building = Building.objects.filter(pk=wanted, division=division, ended_on=None).first()
    if building is None:
        raise InvalidInput("请先选楼栋。", fields={"building": "请先选楼栋。"})
    entrance = given.get("entrance_id")
    if entrance is not None and not building.entrances.filter(pk=entrance).exists():
        raise InvalidInput("这个单元不在这栋楼。", fields={"entrance": "这个单元不在这栋楼。"})
    return {name: getattr(building, name) for name in CELLS} | given
