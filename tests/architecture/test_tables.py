"""Row-level security and its indexes, read from the models: no table is forgotten."""

import pytest
from django.apps import apps
from django.db import connections
from django.db.models import Q

from yukuai.divisions.located import AreaField
from yukuai.kernel.fields import SealedField

OURS = [m for m in apps.get_models() if m.__module__.startswith("yukuai.")]
WITHOUT_PERSONS = {
    "accounts_department",
    "accounts_post",
    "accounts_breakglass",
    "accounts_apiclient",
    "documents_numberseries",
    "elections_listing",
    "exchange_externalsystem",
    "disputes_mediator",
    "registry_building",
    "registry_compound",
    "registry_entrance",
    "registry_facility",
}
"""Located, but with nothing that row-level security must hide: who holds which office is public,
where a house or a facility stands; and
a keyed hash tells nobody a name."""
DEMO_ONLY = {"messaging_developmentsms"}


def located(model):
    return any(isinstance(f, AreaField) for f in model._meta.get_fields())


def sealed(model):
    return any(isinstance(f, SealedField) for f in model._meta.get_fields())


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_a_table_of_persons_or_places_forces_row_level_security(model):
    table = model._meta.db_table
    private = (located(model) or sealed(model)) and table not in WITHOUT_PERSONS | DEMO_ONLY
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
            [table],
        )
        assert cursor.fetchone()[0] or not private


@pytest.mark.parametrize("model", [m for m in OURS if located(m)], ids=lambda m: m.__name__)
def test_every_area_has_a_full_index_that_begins_with_it(model):
    for field in model._meta.get_fields():
        if isinstance(field, AreaField):
            indexes = [
                index
                for index in model._meta.indexes
                if index.fields
                and index.fields[0] == field.name
                and index.condition in (None, Q(**{f"{field.name}__isnull": False}))
            ]
            assert indexes, f"{model.__name__}.{field.name}: cascades go by it"


@pytest.mark.parametrize("model", [m for m in OURS if located(m)], ids=lambda m: m.__name__)
def test_every_area_is_kept_by_the_composite_key(model):
    kinds = [type(c).__name__ for c in model._meta.constraints]
    areas = sum(isinstance(f, AreaField) for f in model._meta.get_fields())
    assert kinds.count("AreaFollowsDivision") == areas
