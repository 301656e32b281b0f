"""Lines of a whole level at once are those of one parent after another."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOON
from tests.db.lines_tree import BEFORE, GROUNDS, TODAY, grow
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.divisions.actions import put_level_in_effect, put_lines_in_effect
from yukuai.divisions.models import Boundary
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
SAID = {"grounds": GROUNDS, "effective": TODAY, "at": NOON}


@pytest.fixture
def grown(db):
    """Nothing is drawn below the districts."""
    made = grow()
    Boundary.objects.exclude(division__in=[made.city, *made.districts]).delete()
    return made


def below(grown, parents):
    return {
        one.pk: {child.pk: grown.lines[child.pk] for child in grown.below(one)} for one in parents
    }


def written(before):
    rows = Boundary.objects.order_by("division_id", "version").values()
    lines = [{name: value for name, value in row.items() if name != "id"} for row in rows]
    with scope(EVERYWHERE):
        entries = AuditEntry.objects.filter(pk__gt=before).order_by("area")
        acts = entries.values_list("act", "target", "area", "details", "happened_at")
        return lines, list(acts)


def last_entry():
    with scope(EVERYWHERE):
        return AuditEntry.objects.order_by("pk").values_list("pk", flat=True).last() or 0


def one_by_one(lines_below, **said):
    outcomes = []
    for parent_id, lines in lines_below.items():
        try:
            changed = put_lines_in_effect(SYSTEM, parent_id=parent_id, lines=lines, **SAID | said)
            outcomes.append((changed, None))
        except Conflict as error:
            outcomes.append(([], error.message))
    return outcomes


def at_once(lines_below, **said):
    found = put_level_in_effect(SYSTEM, lines_below=lines_below, **SAID | said)
    return [(one.changed, one.refused.message if one.refused else None) for one in found]


def cases(grown):
    """Levels with everything a layer may be refused for, and what is as it was."""
    towns = below(grown, grown.districts)
    homes = below(grown, grown.townships)
    first, second, third = sorted(homes)[:3]
    wrong = dict(homes)
    wrong[first] = dict(list(homes[first].items())[:-1]) or homes[first]
    swapped = dict(zip(homes[second], reversed(list(homes[second].values())), strict=True))
    wrong[second] = swapped
    moved = dict(homes)
    moved[third] = dict(zip(homes[third], reversed(list(homes[third].values())), strict=True))
    return [(towns, BEFORE), (wrong, BEFORE), (homes, BEFORE), (moved, TODAY), (homes, TODAY)]


def test_a_level_at_once_gives_the_same_rows_entries_and_refusals(grown):
    played = []
    for way in (one_by_one, at_once):
        Boundary.objects.exclude(division__in=[grown.city, *grown.districts]).delete()
        before = last_entry()
        outcomes = [way(lines, effective=day) for lines, day in cases(grown)]
        played.append((outcomes, *written(before)))
    assert played[0] == played[1]
    refusals = [said for level in played[0][0] for _changed, said in level if said]
    assert any("还没有画界线" in one for one in refusals)
    assert any("严丝合缝" in one or "才生效" in one for one in refusals)
    assert Boundary.objects.filter(valid_to=None).count() == len(grown.lines)


@pytest.mark.parametrize("way", [one_by_one, at_once])
def test_children_of_a_parent_without_a_line_wait(grown, way):
    homes = below(grown, grown.townships[:1])
    ((changed, refused),) = way(homes)
    assert (changed, "请上级先画" in refused) == ([], True)


def test_what_is_asked_wrongly_is_refused_whole(grown):
    towns = below(grown, grown.districts)
    district = grown.districts[0].pk
    for wrong, said, kind in (
        (towns, {"effective": TODAY + timedelta(days=1)}, InvalidInput),
        (towns, {"grounds": replace(GROUNDS, basis=" ")}, InvalidInput),
        ({district: towns[grown.districts[1].pk]}, {}, InvalidInput),
        ({district: {}}, {}, NotFound),
    ):
        with pytest.raises(kind):
            at_once(wrong, **said)
    assert not Boundary.objects.exclude(division__in=[grown.city, *grown.districts]).exists()


def test_a_level_costs_as_many_statements_as_one_parent_but_for_the_log(grown):
    towns = below(grown, grown.districts)
    few, many = dict(list(towns.items())[:1]), dict(list(towns.items())[1:])
    numbers = []
    for lines in (few, many, below(grown, grown.townships)):
        with CaptureQueriesContext(connection) as seen:
            at_once(lines)
        numbers.append(len(seen) - sum("audit_auditentry" in one["sql"] for one in seen))
    assert len(set(numbers)) == 1
