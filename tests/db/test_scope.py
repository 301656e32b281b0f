import pytest
from django.db import DataError, connection

from yukuai.kernel.scope import scope, widened

pytestmark = pytest.mark.django_db


def test_the_tests_run_as_the_application_which_is_bound_by_policies():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname=current_user"
        )
        assert cursor.fetchone() == ("yukuai_app", False)


def test_a_widened_step_does_not_hide_the_error_that_ended_it():
    with (
        pytest.raises(DataError, match="division by zero"),
        scope(["1."]),
        widened(["2."]),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")


def test_a_widened_step_leaves_the_scope_as_it_was():
    with scope(["1."]):
        with widened(["2."]):
            assert _areas() == "{2.}"
        assert _areas() == "{1.}"


def _areas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('yukuai.areas')")
        return cursor.fetchone()[0]
