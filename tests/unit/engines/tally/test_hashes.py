"""SM3, hash trees and Ed25519 against their standards and against other makers of them."""

import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from yukuai.engines.tally import ed25519, sm3, trees

few = settings(max_examples=12, deadline=None)


@pytest.mark.parametrize("digest", [sm3.digest, sm3.by_hand])
def test_sm3_gives_the_two_examples_of_its_standard(digest):
    assert digest(b"abc").hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    assert digest(b"abcd" * 16).hex() == (
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )


@few
@given(st.binary(max_size=300))
def test_sm3_by_hand_is_that_of_openssl(data):
    assert sm3.by_hand(data) == hashlib.new("sm3", data).digest()


@pytest.mark.parametrize("size", range(1, 18))
def test_each_leaf_is_proved_and_no_other_in_its_place(size):
    leaves = [trees.leaf(bytes([n])) for n in range(size)]
    root = trees.root(leaves)
    for index, leaf in enumerate(leaves):
        beside = trees.proof(leaves, index)
        assert trees.root_of(leaf, index, size, beside) == root
        assert trees.root_of(trees.leaf(b"other"), index, size, beside) != root
        assert trees.root_of(leaf, index, size, [*beside, leaf]) != root
        assert trees.root_of(leaf, size, size, beside) is None
        if size > 1:
            assert trees.root_of(leaf, (index + 1) % size, size, beside) != root
            assert trees.root_of(leaf, index, size, beside[1:]) != root


def test_a_tree_is_built_as_the_standard_says():
    a, b, c = (trees.leaf(one) for one in (b"a", b"b", b"c"))
    assert a == sm3.digest(b"\x00a")
    pair = sm3.digest(b"\x01" + a + b)
    assert trees.root([a, b, c]) == sm3.digest(b"\x01" + pair + c)
    assert trees.root([]) == sm3.digest(b"")


RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_ed25519_holds_for_the_examples_of_its_standard(key, message, signature):
    k, m, s = (bytes.fromhex(one) for one in (key, message, signature))
    assert ed25519.verifies(k, m, s)
    assert not ed25519.verifies(k, m + b"x", s)


@few
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(0, 767))
def test_ed25519_agrees_with_the_library_on_good_and_changed_signatures(secret, message, bit):
    private = Ed25519PrivateKey.from_private_bytes(secret)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert ed25519.verifies(key, message, signature)
    changed = bytearray(key + signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not ed25519.verifies(bytes(changed[:32]), message, bytes(changed[32:]))
    with pytest.raises(InvalidSignature):
        private.public_key().verify(signature, message + b"x")


def test_keys_and_numbers_with_a_second_meaning_are_refused():
    key, message, signature = (bytes.fromhex(one) for one in RFC_8032[1])
    number = int.from_bytes(signature[32:], "little") + ed25519.ORDER
    assert not ed25519.verifies(key, message, signature[:32] + number.to_bytes(32, "little"))
    for small in (bytes([1]) + bytes(31), bytes(32), ed25519.PRIME.to_bytes(32, "little")):
        assert not ed25519.verifies(small, message, small + bytes(32))
    assert not ed25519.verifies(key[:31], message, signature)
