"""The sample township as it is written down: complete, plausible, once, and in its own cells."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db.models import F, Q

from tests.db.division_fixtures import AT, bearing
from tests.db.division_fixtures import loaded as loaded
from tests.db.division_fixtures import tree as tree
from tests.unit.test_sample_township import line
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.divisions.models import Boundary, Division
from yukuai.engines.partition import canonical, from_wkb, tiles, to_wkb
from yukuai.kernel.models import Gathered
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.columns import read_form, texts_of
from yukuai.registry.models import (
    MODELS,
    Building,
    CommunityTally,
    Dwelling,
    Household,
    Membership,
    Occupancy,
    Person,
)
from yukuai.registry.seeding import seed_sample

pytestmark = pytest.mark.django_db
FIRST = "500103011012"
SMALL = {"communities": 2, "buildings": 2}


@pytest.fixture
def written(tree):
    """Two communities of two houses each; the first has a line."""
    call_command("load_codes", verbosity=0)
    Boundary.objects.create(
        division=bearing(FIRST),
        geom=to_wkb(canonical(line())),
        version=1,
        valid_from=date(2020, 1, 1),
        illustrative=True,
        basis="合成",
        source="合成",
        approved_by="测试",
        recorded_at=AT,
    )
    return seed_sample(SYSTEM, at=AT, **SMALL)


@pytest.fixture
def sample(written):
    with scope(EVERYWHERE):
        yield written


def test_everyone_lives_in_a_room_of_his_community_and_belongs_to_one_household(sample):
    assert list(sample) == [FIRST, "500103011013"]
    assert Person.objects.count() == sum(sample.values()) > 100
    homeless = Person.objects.exclude(occupancies__until=None)
    assert homeless.count() == 0
    assert Occupancy.objects.count() == Membership.objects.count() == Person.objects.count()
    elsewhere = ~Q(dwelling__area=F("area")) | ~Q(person__area=F("area"))
    assert Occupancy.objects.filter(elsewhere).count() == 0
    assert Household.objects.count() == Membership.objects.filter(relation="02").count()
    heads = Household.objects.filter(members__relation="02").distinct().count()
    assert heads == Household.objects.count()


def test_every_record_is_one_that_people_could_have_typed(sample):
    for kind, model in MODELS.items():
        rows = list(model._default_manager.select_related("division").order_by("pk")[:60])
        assert rows, kind
        for row in rows:
            texts = {name: text for name, text in texts_of(row).items() if text}
            assert read_form(kind, texts, today=AT.date()) == texts
            assert row.evidence("name").source in {"visit", "police"}


def test_houses_lie_in_cells_of_their_community_and_rooms_where_their_house_does(sample):
    with_line = Building.objects.filter(division__code=FIRST)
    assert with_line.filter(grid=None).count() == with_line.filter(group=None).count() == 0
    for cell in ("grid", "group", "compound"):
        strangers = Building.objects.exclude(**{cell: None})
        assert strangers.exclude(**{f"{cell}__parent": F("division")}).count() == 0
        apart = Dwelling.objects.exclude(**{cell: F(f"building__{cell}")}).exclude(**{cell: None})
        assert apart.count() == 0
    assert Building.objects.exclude(compound=None).exists()


def test_grids_and_groups_come_into_effect_and_tile_their_community(sample):
    community = bearing(FIRST)
    for kind, number in (("grid", 4), ("group", 8)):
        drawn = Boundary.objects.filter(division__parent=community, division__kind=kind)
        assert drawn.count() == number
        assert all(row.illustrative for row in drawn)
        areas = [canonical(from_wkb(row.geom)) for row in drawn]
        assert tiles(canonical(line()), areas)
    islands = Boundary.objects.filter(division__parent=community, division__kind="compound")
    assert islands.count() == 3
    second = Division.objects.get(code="500103011013", valid_to=None)
    assert not Boundary.objects.filter(division__parent=second).exists()


def test_again_changes_nothing(written):
    def state():
        with scope(EVERYWHERE):
            tables = (Person, Division, Boundary, AuditEntry)
            return [model._default_manager.count() for model in tables]

    before = state()
    assert set(seed_sample(SYSTEM, at=AT, **SMALL).values()) == {0}
    assert state() == before


def test_nobody_is_told_and_all_is_counted(sample):
    assert Gathered.objects.count() == 0
    tallies = dict(CommunityTally.objects.values_list("division__code", "people"))
    assert tallies == sample
