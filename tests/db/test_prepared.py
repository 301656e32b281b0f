"""A prepared query finds what the query would find that is made anew."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.conftest import NOON
from tests.db.test_account_demo import tree
from yukuai.accounts.actors import current_posts, list_own_posts
from yukuai.accounts.demo import seed_people
from yukuai.accounts.models import User
from yukuai.kernel.prepared import THEN, Prepared

__all__ = ["tree"]


def told(post: Any) -> tuple[Any, ...]:
    above = post.division.parent
    department = post.department.name if post.department else None
    return (post.pk, post.role, post.division.path, above and above.name, department, post.glasses)


@pytest.mark.django_db
def test_posts_are_the_same_with_all_that_hangs_on_them(
    tree: Any, django_assert_num_queries: Any
) -> None:
    people = seed_people(NOON)
    at = NOON + timedelta(hours=1)
    list_own_posts(people["sq01"], at)
    for user in people.values():
        with django_assert_num_queries(1):
            found = [told(post) for post in list_own_posts(user, at)]
        assert found == [told(post) for post in current_posts(user, at)]
    assert list_own_posts(people["sq01"], NOON - timedelta(days=4000)) == []


@pytest.mark.django_db
def test_a_row_is_read_anew_each_time(tree: Any) -> None:
    user = seed_people(NOON)["sq01"]
    (before,) = list_own_posts(user, NOON)
    before.title = "改过"
    (again,) = list_own_posts(user, NOON)
    assert again.title != "改过"
    again.title = "改过"
    again.save()
    assert list_own_posts(user, NOON)[0].title == "改过"


def test_it_asks_over_the_connection_of_its_thread(real_commits: Any) -> None:
    User.objects.create(username="a", kind=User.Kind.STAFF)
    named = Prepared(lambda name: User.objects.filter(username=name), name="\x00")
    found: list[list[User]] = [named.ask(name="a")]

    def other() -> None:
        found.append(named.ask(name="a"))
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(10)
    assert [len(rows) for rows in found] == [1, 1]


@pytest.mark.django_db
def test_a_stand_in_that_is_not_asked_for_is_refused() -> None:
    lost = Prepared(lambda name, at: User.objects.filter(username=name), name="\x00", at=THEN)
    with pytest.raises(AssertionError):
        lost.ask(name="a", at=NOON)
