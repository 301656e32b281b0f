"""A new key: what lay sealed with the former one is sealed anew, and nothing is lost on the way."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tests.conftest import NOON
from yukuai.kernel import crypto, rotation
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import DevelopmentSms

OLD, NEW = "0123456789abcdeffedcba9876543210", "f" * 32
LOST = "a" * 32


@pytest.fixture
def texts(real_commits, settings):
    """Three texts of before keys had names, one of the former key, one that is empty."""
    from uuid import uuid4

    with scope(EVERYWHERE):
        for number in range(4):
            DevelopmentSms.objects.create(
                reference=uuid4(), phone=f"1990000000{number}", text="收下了。", received_at=NOON
            )
        DevelopmentSms.objects.create(reference=uuid4(), phone="", text="空", received_at=NOON)
    unname("messaging_developmentsms", "phone", rows=3)
    settings.SEAL_KEY, settings.SEAL_KEYS_FORMER = NEW, [OLD]


def unname(table, column, *, rows):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('yukuai.areas', '{\"\"}', false)")
        cursor.execute(
            f"UPDATE {table} SET {column} = regexp_replace({column}, '^s1:[0-9a-f]{{8}}:', 's1:')"
            f" WHERE id IN (SELECT id FROM {table} ORDER BY id LIMIT %s)",
            [rows],
        )
        assert cursor.rowcount == rows
        cursor.execute("SELECT set_config('yukuai.areas', '', false)")


def stored(column="phone"):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('yukuai.areas', '{\"\"}', false)")
        cursor.execute(f"SELECT {column} FROM messaging_developmentsms ORDER BY id")
        found = [text for (text,) in cursor.fetchall()]
        cursor.execute("SELECT set_config('yukuai.areas', '', false)")
        return found


def phones():
    with scope(EVERYWHERE):
        return list(DevelopmentSms.objects.order_by("id").values_list("phone", flat=True))


def rotate(*words):
    said = StringIO()
    call_command("rotate_seals", *words, stdout=said)
    return said.getvalue()


PHONES = [*(f"1990000000{number}" for number in range(4)), ""]


def test_texts_of_a_former_key_can_be_read_before_they_are_sealed_anew(texts):
    assert phones() == PHONES


def test_all_are_sealed_anew_and_then_the_former_key_is_not_needed(texts, settings):
    assert "messaging_developmentsms：重新封了 9 处" in rotate()
    prefix = crypto.seal_prefix()
    assert [text.startswith(prefix) for text in stored()] == [True] * 4 + [False]
    settings.SEAL_KEYS_FORMER = []
    assert phones() == PHONES
    assert "重新封了 0 处" in rotate()


def test_looking_changes_nothing_and_says_what_is_left(texts):
    before = stored()
    with pytest.raises(CommandError, match="旧密钥先不要删"):
        rotate("--check")
    assert stored() == before


def test_an_interrupted_rotation_goes_on_where_it_stopped(texts, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    [table] = [one for one in rotation.list_sealed() if one.table == "messaging_developmentsms"]
    assert rotation.reseal(table, after=0)[0] == 4
    assert rotation.find_left(table).former == 5
    rotate()
    assert rotation.find_left(table).former == 0
    assert phones() == PHONES


def test_what_no_key_opens_stays_as_it_is_and_is_said(texts, settings):
    settings.SEAL_KEYS_FORMER = [LOST]
    before = stored()
    with pytest.raises(CommandError):
        rotate()
    assert stored() == before


def test_every_sealed_column_of_every_model_is_known():
    known = {(one.table, column) for one in rotation.list_sealed() for column in one.columns}
    assert ("documents_issueddocument", "printed") in known
    assert ("accounts_resident", "phone") in known
    assert ("exchange_notice", "said") in known
    assert len(known) >= 30
