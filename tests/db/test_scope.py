import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_the_tests_run_as_the_application_which_is_bound_by_policies():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname=current_user"
        )
        assert cursor.fetchone() == ("yukuai_app", False)
