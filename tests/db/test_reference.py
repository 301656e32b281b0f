"""What is kept between requests is never older than the transaction that uses it."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from tests.people import officer
from yukuai.accounts.policy import Role
from yukuai.cases.models import Category
from yukuai.cases.queries import find_category, known_categories
from yukuai.kernel import reference
from yukuai.kernel.reference import Reference, ReferenceMap
from yukuai.kernel.scope import scope

CLERK = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=11)


class Counted:
    def __init__(self) -> None:
        self.loads = 0

    def __call__(self, *_key: object) -> int:
        self.loads += 1
        return self.loads


def add(code: str) -> Category:
    return Category.objects.create(code=code, name=code, plain_name=code, source="test")


@pytest.mark.django_db
def test_a_value_is_read_once_until_the_version_moves_on():
    load = Counted()
    kept = Reference(load)
    for _ in range(3):
        with scope(()):
            assert kept.get() == 1
    add("91")
    with scope(()):
        assert kept.get() == 2


@pytest.mark.django_db
def test_values_are_kept_by_key_and_forgotten_together():
    load = Counted()
    kept: ReferenceMap[str, int] = ReferenceMap(load)
    with scope(()):
        assert [kept.get("a"), kept.get("b"), kept.get("a")] == [1, 2, 1]
    add("91")
    with scope(()):
        assert kept.get("a") == 3


@pytest.mark.django_db
def test_what_cannot_be_loaded_is_asked_for_again():
    answers = iter([ValueError(), "found"])

    def load(_key: str) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    kept: ReferenceMap[str, str] = ReferenceMap(load)
    with scope(()):
        with pytest.raises(ValueError):  # noqa: PT011
            kept.get("a")
        assert kept.get("a") == "found"


@pytest.mark.django_db
def test_outside_of_a_transaction_nothing_is_kept():
    load = Counted()
    kept = Reference(load)
    assert reference.version.get() is None
    assert [kept.get(), kept.get()] == [1, 2]
    with scope(()):
        assert kept.get() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["insert", "update", "delete", "bulk", "raw"])
def test_every_kind_of_change_to_a_dictionary_is_seen_by_the_next_transaction(change: str):
    category = add("91")
    with scope(()):
        assert find_category(CLERK, code="91").name == "91"
    if change == "insert":
        add("92")
    elif change == "update":
        category.name = "新名"
        category.save()
    elif change == "delete":
        category.delete()
    elif change == "bulk":
        Category.objects.bulk_update([Category(pk=category.pk, name="新名")], ["name"])
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_category SET name = '新名'")
    with scope(()):
        names = {c.code: c.name for c in known_categories(CLERK)}
    wanted = {"insert": {"91": "91", "92": "92"}, "delete": {}}
    assert names == wanted.get(change, {"91": "新名"})


@pytest.mark.django_db
def test_what_was_rolled_back_is_not_remembered():
    add("91")
    with scope(()):
        assert len(known_categories(CLERK)) == 1
    before = transaction.savepoint()
    add("92")
    with scope(()):
        assert len(known_categories(CLERK)) == 2
    transaction.savepoint_rollback(before)
    with scope(()):
        assert len(known_categories(CLERK)) == 1
    add("93")
    with scope(()):
        assert [c.code for c in known_categories(CLERK)] == ["91", "93"]


def test_a_change_in_another_connection_is_seen_once_it_is_committed(real_commits: Any):
    add("91")
    with scope(()):
        assert len(known_categories(CLERK)) == 1
    changed, may_commit = threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic():
            add("92")
            changed.set()
            assert may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert changed.wait(10)
    with scope(()):
        assert len(known_categories(CLERK)) == 1
    may_commit.set()
    thread.join(10)
    with scope(()):
        assert len(known_categories(CLERK)) == 2
