"""Filters under a name: his own, his desk's, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.casework import CLERK, COLLEAGUE, NEIGHBOUR, TOWN
from tests.conftest import NOON
from tests.people import officer
from yukuai.accounts.policy import Role
from yukuai.cases.actions import saving
from yukuai.cases.models import SavedFilter
from yukuai.cases.saved import MOST, list_saved_filters
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db


def keep(name, actor=CLERK, at=NOON, **query):
    return saving.save_filter(actor, name=name, query=query or {"state": "open"}, at=at)


def names(actor):
    with scope(actor.areas, actor.holders):
        return [row.name for row in list_saved_filters(actor)]


def test_filters_stand_in_the_order_in_which_they_were_saved_until_they_are_moved():
    rows = [keep(name) for name in ("甲", "乙", "丙")]
    assert names(CLERK) == ["甲", "乙", "丙"]
    saving.move_filter(CLERK, filter_id=rows[2].pk, up=True, at=NOON)
    assert names(CLERK) == ["甲", "丙", "乙"]
    saving.move_filter(CLERK, filter_id=rows[0].pk, up=True, at=NOON)
    saving.move_filter(CLERK, filter_id=rows[1].pk, up=False, at=NOON)
    assert names(CLERK) == ["甲", "丙", "乙"]


def test_a_shared_filter_is_seen_at_the_same_desk_and_nowhere_else():
    row = keep("本周到期")
    squad = officer(Role.DEPT_OP, "1.2.12.112.", user_id=62, department_id=7)
    others = (COLLEAGUE, NEIGHBOUR, TOWN, squad)
    assert [names(actor) for actor in others] == [[], [], [], []]
    saving.share_filter(CLERK, filter_id=row.pk, shared=True, at=NOON)
    assert [names(actor) for actor in others] == [["本周到期"], [], [], []]
    saving.share_filter(CLERK, filter_id=row.pk, shared=False, at=NOON)
    assert names(COLLEAGUE) == []


def test_a_colleague_uses_a_shared_filter_and_cannot_change_it():
    row = keep("本周到期")
    saving.share_filter(CLERK, filter_id=row.pk, shared=True, at=NOON)
    for act in (
        lambda: saving.rename_filter(COLLEAGUE, filter_id=row.pk, name="我的", at=NOON),
        lambda: saving.remove_filter(COLLEAGUE, filter_id=row.pk, at=NOON),
        lambda: saving.share_filter(COLLEAGUE, filter_id=row.pk, shared=False, at=NOON),
        lambda: saving.move_filter(COLLEAGUE, filter_id=row.pk, up=True, at=NOON),
    ):
        with pytest.raises(NotFound):
            act()
    assert names(CLERK) == names(COLLEAGUE) == ["本周到期"]


def test_the_database_hides_the_filters_of_others():
    keep("本周到期")
    for areas, keys, number in (
        (CLERK.areas, CLERK.holders, 1),
        (COLLEAGUE.areas, COLLEAGUE.holders, 0),
        (TOWN.areas, TOWN.holders, 0),
        (("1.",), (), 0),
        ((), (), 0),
    ):
        with scope(areas, keys), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_savedfilter")
            assert cursor.fetchone() == (number,)


def test_what_is_deleted_comes_back_where_it_was():
    rows = [keep(name) for name in ("甲", "乙", "丙")]
    saving.remove_filter(CLERK, filter_id=rows[1].pk, at=NOON)
    assert names(CLERK) == ["甲", "丙"]
    saving.restore_filter(CLERK, filter_id=rows[1].pk, at=NOON)
    assert names(CLERK) == ["甲", "乙", "丙"]
    with pytest.raises(NotFound):
        saving.restore_filter(CLERK, filter_id=rows[1].pk, at=NOON)


def test_a_name_taken_meanwhile_keeps_the_deleted_one_away():
    row = keep("甲")
    saving.remove_filter(CLERK, filter_id=row.pk, at=NOON)
    keep("甲")
    with pytest.raises(Conflict, match="改个名字"):
        saving.restore_filter(CLERK, filter_id=row.pk, at=NOON)
    assert names(CLERK) == ["甲"]


def test_what_was_deleted_yesterday_is_forgotten():
    row = keep("甲")
    saving.remove_filter(CLERK, filter_id=row.pk, at=NOON)
    keep("乙", at=NOON + timedelta(days=2))
    with scope(EVERYWHERE):
        assert [one.name for one in SavedFilter.objects.all()] == ["乙"]


def test_twenty_are_kept_and_no_more():
    rows = [keep(f"第 {n} 个") for n in range(MOST)]
    with pytest.raises(Conflict, match="最多存 20 个"):
        keep("多的")
    assert len(names(CLERK)) == MOST
    saving.remove_filter(CLERK, filter_id=rows[0].pk, at=NOON)
    keep("多的")
    with pytest.raises(Conflict, match="最多存 20 个"):
        saving.restore_filter(CLERK, filter_id=rows[0].pk, at=NOON)


@pytest.mark.parametrize("name", ["", "  ", "字" * 21, "甲"])
def test_a_name_is_short_and_single(name):
    keep("甲")
    other = keep("乙")
    with pytest.raises(InvalidInput):
        keep(name)
    with pytest.raises(InvalidInput):
        saving.rename_filter(CLERK, filter_id=other.pk, name=name, at=NOON)
    assert names(CLERK) == ["甲", "乙"]


def test_a_name_may_stay_as_it_is_and_be_taken_by_another_officer():
    row = keep("甲")
    saving.rename_filter(CLERK, filter_id=row.pk, name="甲", at=NOON)
    keep("甲", actor=COLLEAGUE)
    assert names(CLERK) == names(COLLEAGUE) == ["甲"]


def test_without_conditions_there_is_nothing_to_save():
    with pytest.raises(InvalidInput):
        saving.save_filter(CLERK, name="空的", query={}, at=NOON)
    assert names(CLERK) == []
