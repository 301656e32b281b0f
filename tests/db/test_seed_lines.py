"""The seed draws the whole real tree, every level tiles, and what people drew is left alone."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.db.division_fixtures import AT, THE_DAY, TODAY, bearing, held, settle, the_change
from tests.db.division_fixtures import loaded as loaded
from yukuai.accounts.policy import SYSTEM
from yukuai.divisions import seeding
from yukuai.divisions.actions import play_change, put_lines_in_effect
from yukuai.divisions.checking import check_lines
from yukuai.divisions.lines import list_lines, list_siblings, locate, locator
from yukuai.divisions.lining import Grounds
from yukuai.divisions.models import Boundary, Division
from yukuai.engines.partition import Area, to_wkb
from yukuai.kernel.errors import Conflict


def run(command: str, *words: str) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def sketched(loaded) -> Iterator[dict[int, Area]]:
    """The tree of today and a line of each, drawn once: the command draws the same."""
    with held(), pytest.MonkeyPatch.context() as patched:
        play_change(SYSTEM, plan=the_change(), at=AT)
        settle()
        patched.setattr(seeding, "find_outlines", lambda province: None)
        made = seeding.draw()
        patched.setattr(seeding, "_drawn", lambda tree: made)
        yield made[0]


@pytest.fixture(scope="module")
def stored(sketched) -> Iterator[None]:
    """All lines in effect, written at once."""
    with held():
        rows = [
            Boundary(
                division_id=pk,
                geom=to_wkb(line),
                version=1,
                valid_from=THE_DAY,
                illustrative=True,
                basis="合成",
                source="合成",
                approved_by="测试",
                recorded_at=AT,
            )
            for pk, line in sketched.items()
        ]
        Boundary.objects.bulk_create(rows, batch_size=1000)
        yield


@pytest.fixture
def tree(sketched) -> Iterator[None]:
    """Without any line."""
    with held():
        Boundary.objects.all().delete()
        yield
        connection.check_constraints()


@pytest.fixture
def drawn(stored) -> Iterator[None]:
    with held():
        yield
        connection.check_constraints()


def test_every_level_of_the_real_tree_tiles(drawn):
    kinds = Counter(Boundary.objects.values_list("division__kind", flat=True))
    assert kinds == {"city": 1, "district": 37, "township": 1031, "community": 11270}
    assert run("check_lines") == "界线 12339 条，1069 组同级，都严丝合缝。\n"


def test_the_whole_city_stays_within_half_a_million_vertices_and_nobody_lies_in_pieces(sketched):
    assert sum(len(line.xy) for line in sketched.values()) < 500_000
    assert {line.parts for line in sketched.values()} == {1}


def test_the_command_draws_the_lines_and_says_that_they_are_made_up(tree, sketched):
    said = run("seed_lines", "--within", "500103")
    assert said.splitlines() == [
        "界线（示意）：新画 129 条，来源：平台示意（驻地点：GeoNames，CC BY 4.0）"
    ]
    rows = Boundary.objects.values_list(
        "illustrative", "basis", "valid_from", "version", "review_number"
    )
    assert set(rows) == {(True, "演示数据，示意，不作勘界依据", THE_DAY, 1, "")}
    lines = {line.division_id: line.area for line in list_lines(None, division_ids=sketched)}
    assert lines == {pk: sketched[pk] for pk in lines}
    inside = Boundary.objects.filter(division__path__startswith=bearing("500103").path)
    assert inside.count() == 1 + 11 + 80
    assert run("check_lines").endswith("都严丝合缝。\n")


def test_running_it_again_adds_what_is_missing_and_then_nothing(tree):
    run("seed_lines", "--within", "500103")
    first = set(Boundary.objects.values_list("pk", "version"))
    assert run("seed_lines", "--within", "500104").startswith("界线（示意）：新画 ")
    both = set(Boundary.objects.values_list("pk", "version"))
    assert first < both
    assert run("seed_lines", "--within", "500104") == "界线（示意）：新画 0 条\n"
    assert set(Boundary.objects.values_list("pk", "version")) == both


def test_a_review_number_is_kept_and_said(tree, sketched, monkeypatch):
    grounds = Grounds("演示", "某图", "演示装入", True, "GS(2024)0650")
    monkeypatch.setattr(seeding, "_drawn", lambda tree: (sketched, grounds))
    said = run("seed_lines", "--within", "500103")
    assert said.endswith("来源：某图，审图号 GS(2024)0650\n")
    assert set(Boundary.objects.values_list("review_number", flat=True)) == {"GS(2024)0650"}


def test_what_people_drew_stays_and_what_no_longer_fits_below_is_said(drawn):
    town = bearing("500103011")
    Boundary.objects.filter(division__parent=town).delete()
    district = Boundary.objects.get(division=town.parent)
    Boundary.objects.filter(division=town).update(geom=district.geom)
    said = run("seed_lines")
    assert said.splitlines()[0].startswith("界线（示意）：新画 0 条")
    assert said.splitlines()[1].startswith(f"{town.name}：这些界线没有严丝合缝")
    assert Boundary.objects.get(division=town).geom == district.geom


def test_the_check_names_what_does_not_fit(drawn):
    town = bearing("500103011")
    first, second, *_ = list_siblings(None, parent=town, kind="community")
    Boundary.objects.filter(division=first).delete()
    line = Boundary.objects.get(division=second).geom
    other = bearing("500103001")
    moved = list_siblings(None, parent=other, kind="community")[0]
    Boundary.objects.filter(division=moved).update(geom=line)
    faults = check_lines(SYSTEM).faults
    assert f"{town.name}（500103011）的下级没有画全：{first.name}。" in faults
    (other_fault,) = [fault for fault in faults if fault.startswith(other.name)]
    assert "越界" in other_fault or "范围" in other_fault
    assert len(faults) == 2
    with pytest.raises(CommandError, match="2 处不对"):
        run("check_lines")


def test_a_zone_without_townships_has_no_ground(drawn):
    city, zone = bearing("50"), bearing("50Z02")
    names = [one.name for one in list_siblings(None, parent=city, kind="district")]
    assert len(names) == 37
    assert zone.name not in names
    lines = {line.division_id: line.area for line in list_lines(None, division_ids=[city.pk])}
    said = {"grounds": Grounds("依据", "合成", "测试", True), "effective": TODAY, "at": AT}
    with pytest.raises(Conflict, match="不单独画界线"):
        put_lines_in_effect(SYSTEM, parent_id=city.pk, lines={zone.pk: lines[city.pk]}, **said)
    Division.objects.filter(pk=bearing("500103011").pk).update(parent=zone)
    again = [one.name for one in list_siblings(None, parent=city, kind="zone")]
    assert zone.name in again


def test_many_points_lie_where_the_database_says_of_each(drawn):
    near = Division.objects.filter(kind="community", path__startswith=bearing("500103").path)
    lines = list_lines(None, division_ids=near.values_list("pk", flat=True))
    border = np.concatenate([line.area.xy[::9] / 1e7 for line in lines])
    dice = np.random.default_rng(5)
    around = dice.uniform(border.min(axis=0) - 0.05, border.max(axis=0) + 0.05, (400, 2))
    away = np.array([[120.0, 40.0], [106.55, 29.0]])
    points = np.concatenate([border[:400], around, away])
    found = locator(None, kinds=["community"]).locate(*points.T)
    single = [locate(None, lon=x, lat=y, kinds=["community"]) for x, y in points.tolist()]
    assert found.tolist() == [one.pk if one else 0 for one in single]
    assert (found[:400] > 0).all()
    assert found[-2] == 0


def test_points_are_looked_up_as_lines_were_on_a_day(drawn):
    before = locator(None, kinds=["community"], on=THE_DAY - timedelta(days=1))
    assert before.locate([106.55], [29.56]).tolist() == [0]
    assert before.locate([], []).tolist() == []
