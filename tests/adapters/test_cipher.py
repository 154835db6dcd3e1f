"""What is sealed opens with its key and its own associated data, and with nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.adapters import cipher

KEY = bytes(range(32))
LONG_PLAIN = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
LONG_CIPHERTEXT = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
)
# Test cases 13, 14 and 16 of the submission of GCM to NIST (McGrew and Viega).
GCM = [
    ("00" * 32, "00" * 12, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    ("00" * 32, "00" * 12, "", "00" * 16, "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"),
    (
        "feffe9928665731c6d6a8f9467308308" * 2,
        "cafebabefacedbaddecaf888",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        LONG_PLAIN,
        LONG_CIPHERTEXT,
        "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
]


@pytest.mark.parametrize(("key", "nonce", "associated", "plain", "ciphertext", "tag"), GCM)
def test_the_published_vectors_open(key, nonce, associated, plain, ciphertext, tag):
    sealed = b"\x01" + bytes.fromhex(nonce + ciphertext + tag)

    assert cipher.open(bytes.fromhex(key), sealed, bytes.fromhex(associated)) == bytes.fromhex(plain)


@given(plain=st.binary(), associated=st.binary())
def test_what_is_sealed_opens_again_and_never_looks_the_same_twice(plain, associated):
    first, second = cipher.seal(KEY, plain, associated), cipher.seal(KEY, plain, associated)

    assert cipher.open(KEY, first, associated) == plain
    assert first != second


@given(plain=st.binary(max_size=64), where=st.integers(min_value=0), bit=st.integers(0, 7))
def test_one_changed_bit_anywhere_does_not_open(plain, where, bit):
    sealed = bytearray(cipher.seal(KEY, plain, b"row"))
    sealed[where % len(sealed)] ^= 1 << bit

    with pytest.raises(cipher.Broken):
        cipher.open(KEY, bytes(sealed), b"row")


@pytest.mark.parametrize("cut", [0, 1, 13, 28])
def test_a_cut_value_does_not_open(cut):
    with pytest.raises(cipher.Broken, match="Too short"):
        cipher.open(KEY, cipher.seal(KEY, b"", b"")[:cut], b"")


def test_another_key_or_other_associated_data_do_not_open():
    sealed = cipher.seal(KEY, b"ada@example.com", b"row one")

    with pytest.raises(cipher.Broken):
        cipher.open(KEY, sealed, b"row two")
    with pytest.raises(cipher.Broken):
        cipher.open(bytes(32), sealed, b"row one")


def test_an_unknown_format_is_named():
    with pytest.raises(cipher.Broken, match="format 2"):
        cipher.open(KEY, b"\x02" + cipher.seal(KEY, b"", b"")[1:], b"")


def test_a_wrapped_key_unwraps_for_its_owner_only():
    wrapped = cipher.wrap(KEY, b"k" * 32, b"ada")

    assert cipher.unwrap(KEY, wrapped, b"ada") == b"k" * 32
    with pytest.raises(cipher.Broken):
        cipher.unwrap(KEY, wrapped, b"bruno")


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes, not 16"):
        cipher.seal(bytes(16), b"", b"")
