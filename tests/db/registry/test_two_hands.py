"""Two at once: people are merged once, a portion of an import is written once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from tests.conftest import NOON
from tests.importing import CLERK, PEOPLE, bring, now, tried
from tests.places import make_places
from tests.registering import KEEPER, citizen, person
from yukuai.kernel.errors import Conflict
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.actions import importing
from yukuai.registry.actions.merging import merge_people
from yukuai.registry.models import Merge, Person
from yukuai.registry.tasks.importing import run_import


@pytest.fixture
def register(real_commits):
    make_places()
    call_command("load_codes", verbosity=0)


def at_once(*acts):
    def run(act):
        try:
            return act()
        except Conflict:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        return [result for result in hands.map(run, acts) if result is not None]


def test_two_who_merge_the_same_two_people_the_other_way_round_merge_them_once(register):
    one, other = (person(birth_date="1990-01-01", sex="2") for _ in range(2))

    def merge(kept, gone):
        return lambda: merge_people(
            KEEPER, kept_id=kept.pk, gone_id=gone.pk, reason="同一本户口簿", at=NOON
        )

    done = at_once(merge(one, other), merge(other, one))
    assert len(done) == 1
    with scope(EVERYWHERE):
        assert Merge.objects.count() == 1
        assert Person.objects.filter(ended_on=None).count() == 1


def test_two_workers_write_each_line_once(register):
    rows = [[f"水{n}", citizen(n), "", "1栋", "", "101", "常住", f"H{n}", ""] for n in range(1, 40)]
    batch = tried(bring([PEOPLE, *rows]))
    importing.start_import(CLERK, batch_id=batch.pk, at=NOON)
    at_once(*[lambda: run_import(CLERK, batch.pk, NOON) or True] * 2)
    with scope(EVERYWHERE):
        assert Person.objects.count() == 39
    assert now(batch).counts["new"] == 39
