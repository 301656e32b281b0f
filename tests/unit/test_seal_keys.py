"""Keys have names, former ones still open, and no text can be moved to another field."""

import pytest

from yukuai.kernel.crypto import BrokenSeal, key_name, seal, unseal

FIRST, SECOND = "0123456789abcdeffedcba9876543210", "f" * 32


@pytest.fixture(autouse=True)
def keys(settings):
    settings.SEAL_KEY, settings.SEAL_KEYS_FORMER = FIRST, []


def test_a_text_names_its_key_and_says_nothing_of_it():
    assert seal("林", purpose="p").startswith(f"s1:{key_name(FIRST)}:")
    assert key_name(FIRST) not in FIRST
    assert key_name(FIRST) != key_name(SECOND)


def test_a_former_key_opens_and_never_seals(settings):
    before = seal("林", purpose="p")
    settings.SEAL_KEY, settings.SEAL_KEYS_FORMER = SECOND, [FIRST]
    assert unseal(before, purpose="p") == "林"
    assert seal("林", purpose="p").startswith(f"s1:{key_name(SECOND)}:")


def test_a_text_of_before_keys_had_names_is_opened_by_whichever_fits(settings):
    named = seal("林", purpose="p")
    nameless = "s1:" + named.rpartition(":")[2]
    settings.SEAL_KEY, settings.SEAL_KEYS_FORMER = SECOND, [FIRST]
    assert unseal(nameless, purpose="p") == "林"


@pytest.mark.parametrize("change", ["key", "purpose", "name", "byte"])
def test_what_was_altered_moved_or_lost_its_key_is_refused(settings, change):
    text = seal("林", purpose="p")
    if change == "key":
        settings.SEAL_KEY = SECOND
    elif change == "name":
        text = text.replace(key_name(FIRST), key_name(SECOND))
    elif change == "byte":
        text = text[:-4] + ("A" if text[-4] != "A" else "B") + text[-3:]
    with pytest.raises(BrokenSeal):
        unseal(text, purpose="q" if change == "purpose" else "p")
