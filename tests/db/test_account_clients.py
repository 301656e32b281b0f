"""Outside systems: a declared purpose, a key shown once, an end."""

from datetime import timedelta

import pytest

from tests.conftest import NOON
from tests.people import officer
from tests.places import make_places
from yukuai.accounts import policy
from yukuai.accounts.actions import create_client, end_client
from yukuai.accounts.models import ApiClient
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import authenticate_client, list_clients
from yukuai.accounts.roles import Role
from yukuai.audit.models import AuditEntry
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
BOSS = officer(Role.SEC_ADMIN, "1.2.", user_id=900)
NORTH = officer(Role.SEC_ADMIN, "1.11.", user_id=901)
DAY = timedelta(days=1)


@pytest.fixture
def places():
    return make_places()


def make(actor=BOSS, **values):
    wanted = {
        "name": "区综治中心",
        "purpose": "同步诉求办理状态",
        "division_id": 2,
        "may_write": True,
        "fields": ["status", "number", "status"],
        "at": NOON,
    }
    return create_client(actor, **{**wanted, **values})


def test_a_key_is_shown_once_and_kept_hashed(places):
    client, key = make()
    client.refresh_from_db()
    assert key.startswith("yk_")
    assert len(key) == 46
    assert key not in str(vars(client))
    assert client.fields == ["number", "status"]
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get()
    assert (entry.act, entry.area, entry.purpose) == ("client.create", "1.2.", "同步诉求办理状态")
    assert key not in str(entry.details)


def test_who_shows_the_key_acts_within_its_area(places):
    _client, key = make()
    actor = authenticate_client(key, at=NOON)
    assert (actor.kind, actor.label, actor.user_id) == ("client", "接口客户 区综治中心", None)
    assert actor.areas == ("1.2.",)
    assert actor.paths_for(Permission.API_WRITE) == ("1.2.",)
    assert actor.paths_for(Permission.CASE_REGISTER) == ("1.2.",)
    assert actor.details["purpose"] == "同步诉求办理状态"
    assert actor.details["fields"] == ("number", "status")
    assert not actor.may(Permission.CASE_HANDLE)


def test_a_reader_reads_and_writes_nothing(places):
    _client, key = make(may_write=False)
    actor = authenticate_client(key, at=NOON)
    assert actor.paths_for(Permission.API_READ) == ("1.2.",)
    for permission in (Permission.API_WRITE, Permission.CASE_REGISTER):
        with pytest.raises(NotPermitted):
            policy.require_anywhere(actor, permission)


def test_a_key_works_until_its_day_and_not_after(places):
    _client, key = make(valid_to=NOON + DAY)
    assert authenticate_client(key, at=NOON + DAY - timedelta(seconds=1)) is not None
    assert authenticate_client(key, at=NOON + DAY) is None


def test_an_ended_client_opens_nothing(places):
    client, key = make()
    end_client(BOSS, client_id=client.pk, reason="不再对接", at=NOON)
    assert authenticate_client(key, at=NOON) is None
    with pytest.raises(Conflict):
        end_client(BOSS, client_id=client.pk, reason="再来", at=NOON)


@pytest.mark.parametrize("key", ["", "yk_", "yk_" + "x" * 43])
def test_other_keys_open_nothing(places, key):
    make()
    assert authenticate_client(key, at=NOON) is None


def test_clients_are_managed_within_ones_area(places):
    client, key = make()
    with pytest.raises(NotPermitted):
        make(NORTH, name="别人")
    with pytest.raises(NotPermitted):
        make(officer(Role.SYS_ADMIN, "1.2."), name="别人")
    with pytest.raises(NotFound):
        end_client(NORTH, client_id=client.pk, reason="越权", at=NOON)
    assert list(list_clients(BOSS)) == [client]
    assert list(list_clients(NORTH)) == []
    assert authenticate_client(key, at=NOON) is not None
    assert ApiClient.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "老客户"}, "name"),
        ({"purpose": ""}, "purpose"),
        ({"valid_to": NOON}, "valid_to"),
    ],
)
def test_a_client_that_cannot_be_is_explained(places, values, field):
    make(name="老客户")
    with pytest.raises(InvalidInput) as refusal:
        make(**values)
    assert set(refusal.value.fields) == {field}
    assert ApiClient.objects.count() == 1
