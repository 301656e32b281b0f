"""Lines in effect: siblings together and exactly, versions by day, which division a point is in."""

from datetime import date, timedelta

import pytest
import shapely

from tests.db.division_fixtures import AT, TODAY, administrator, bearing
from tests.db.division_fixtures import loaded as loaded
from tests.db.division_fixtures import tree as tree
from tests.mapmaking import tiling
from yukuai.divisions.actions import put_lines_in_effect
from yukuai.divisions.lines import list_lines, locate
from yukuai.divisions.lining import Grounds
from yukuai.divisions.models import Boundary, Division
from yukuai.engines.partition import canonical, from_wkb, to_wkb
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted

pytestmark = pytest.mark.django_db
GROUNDS = Grounds(
    basis="渝测〔2026〕1号", source="合成", approved_by="测试", illustrative=True, review_number=""
)
BEFORE = TODAY - timedelta(days=30)


@pytest.fixture
def district(tree):
    return bearing("500103")


@pytest.fixture
def townships(district):
    rows = Division.objects.filter(parent=district, valid_to=None, kind="township")
    return list(rows.order_by("code"))


def drawn(district, townships, *, seed=1):
    """The district's line and one line a township."""
    made = tiling(seed, children=len(townships), step_m=400, size_m=9_000)
    lines = zip(townships, made.children.values(), strict=True)
    return made.parent, {one.pk: area for one, area in lines}


def draw(district, townships, *, seed=1, effective=BEFORE):
    actor = administrator(district.parent.path)
    parent, lines = drawn(district, townships, seed=seed)
    above = {"parent_id": district.parent_id, "effective": effective, "at": AT}
    put_parent(district, parent)
    put_lines_in_effect(actor, lines=lines, grounds=GROUNDS, **above | {"parent_id": district.pk})
    return lines


def put_parent(district, area):
    """The line of one district; its siblings have none in these tests."""
    if not Boundary.objects.filter(division=district, valid_to=None).exists():
        Boundary.objects.create(
            division=district,
            geom=to_wkb(canonical(area)),
            version=1,
            valid_from=date(2020, 1, 1),
            illustrative=True,
            basis="合成",
            source="合成",
            approved_by="测试",
            recorded_at=AT,
        )


def test_what_is_stored_comes_back_bit_for_bit(district, townships):
    lines = draw(district, townships)
    found = {line.division_id: line for line in list_lines(None, division_ids=lines)}
    assert {pk: line.area for pk, line in found.items()} == {
        pk: canonical(area) for pk, area in lines.items()
    }
    assert {line.version for line in found.values()} == {1}


def test_only_what_moved_gets_another_version(district, townships):
    actor = administrator(district.parent.path)
    lines = draw(district, townships)
    again = {"parent_id": district.pk, "grounds": GROUNDS, "effective": TODAY, "at": AT}
    assert put_lines_in_effect(actor, lines=lines, **again) == []
    first, second, *_ = lines
    swapped = lines | {first: lines[second], second: lines[first]}
    assert put_lines_in_effect(actor, lines=swapped, **again) == sorted([first, second])
    versions = Boundary.objects.filter(division=first).order_by("version")
    assert [(row.version, row.valid_to) for row in versions] == [(1, TODAY), (2, None)]
    (yesterday,) = list_lines(None, division_ids=[first], on=TODAY - timedelta(days=1))
    assert yesterday.area == canonical(lines[first])


def test_siblings_come_together_and_tile(district, townships):
    parent, lines = drawn(district, townships)
    actor = administrator(district.parent.path)
    said = {"parent_id": district.pk, "grounds": GROUNDS, "effective": TODAY, "at": AT}
    with pytest.raises(Conflict, match="自己还没有界线"):
        put_lines_in_effect(actor, lines=lines, **said)
    put_parent(district, parent)
    first, second, *rest = lines
    with pytest.raises(Conflict, match="还没有画界线"):
        put_lines_in_effect(actor, lines={pk: lines[pk] for pk in rest}, **said)
    with pytest.raises(Conflict, match="严丝合缝"):
        put_lines_in_effect(actor, lines=lines | {first: lines[second]}, **said)
    assert not Boundary.objects.filter(division__in=lines).exists()


def test_not_ahead_of_time_not_without_a_basis_not_by_everybody(district, townships):
    parent, lines = drawn(district, townships)
    put_parent(district, parent)
    actor = administrator(district.parent.path)
    said = {"parent_id": district.pk, "lines": lines, "at": AT}
    with pytest.raises(InvalidInput, match="提前"):
        put_lines_in_effect(actor, grounds=GROUNDS, effective=TODAY + timedelta(days=1), **said)
    bare = Grounds(basis=" ", source="", approved_by="", illustrative=True)
    with pytest.raises(InvalidInput, match="依据"):
        put_lines_in_effect(actor, grounds=bare, effective=TODAY, **said)
    with pytest.raises(NotPermitted):
        put_lines_in_effect(
            administrator(townships[0].path), grounds=GROUNDS, effective=TODAY, **said
        )
    put_lines_in_effect(actor, grounds=GROUNDS, effective=TODAY, **said)
    other = list(lines.values())
    turned = dict(zip(lines, [*other[1:], other[0]], strict=True))
    with pytest.raises(Conflict, match="才生效"):
        put_lines_in_effect(actor, grounds=GROUNDS, effective=TODAY, **said | {"lines": turned})


def test_a_point_lies_in_one_division(district, townships):
    lines = draw(district, townships)
    for pk, area in lines.items():
        inside = shapely.from_wkb(to_wkb(area)).representative_point()
        where = {"lon": inside.x, "lat": inside.y}
        assert locate(None, **where, kinds=["township"]).pk == pk
        assert locate(None, **where, kinds=["district"]).pk == district.pk
    x, y = (next(iter(lines.values())).xy[0] / 1e7).tolist()
    on_the_line = locate(None, lon=x, lat=y, kinds=["township"])
    assert on_the_line.pk == min(pk for pk, area in lines.items() if _inside(area, x, y))
    assert locate(None, lon=120.0, lat=40.0, kinds=["township", "district"]) is None
    assert locate(None, lon=x, lat=y, kinds=["township"], on=BEFORE - timedelta(days=1)) is None


def _inside(area, lon, lat):
    return shapely.from_wkb(to_wkb(area)).intersects(shapely.Point(lon, lat))


def test_wkb_keeps_every_step(district):
    made = tiling(3, children=7, step_m=150, size_m=5_000)
    for area in made.children.values():
        assert from_wkb(to_wkb(area)) == area
