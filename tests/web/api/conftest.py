from datetime import timedelta

import pytest
from django.test import Client

from tests.casework import lamps, pack, places, raised
from tests.conftest import NOON
from yukuai.accounts.actors import client_key_hash
from yukuai.accounts.models import ApiClient

__all__ = ["lamps", "pack", "places", "raised"]
KEY = "a-key-that-was-shown-once"


@pytest.fixture
def register(places, client):
    def make(*, may_write=True, fields=(), division=12, key=KEY):
        ApiClient.objects.create(
            division=places[division],
            name=f"系统 {key}",
            purpose="把 12345 的来电转给社区",
            key_hash=client_key_hash(key),
            may_write=may_write,
            fields=list(fields),
            valid_from=NOON - timedelta(days=1),
            created_by="test",
        )
        return Client(headers={"Authorization": f"Bearer {key}"})

    return make
