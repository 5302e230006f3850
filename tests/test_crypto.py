import pytest

from bookme.crypto import KeyRing, Unreadable, decode_keys, new_key, new_token

OLD, NEW = b"o" * 32, b"n" * 32


def test_what_is_sealed_opens_again() -> None:
    ring = KeyRing([NEW])
    assert ring.open(ring.seal("tøken", "connection:1:access"), "connection:1:access") == "tøken"


def test_the_same_text_is_never_sealed_the_same_twice() -> None:
    ring = KeyRing([NEW])
    assert ring.seal("token", "row") != ring.seal("token", "row")


def test_a_value_moved_to_another_row_does_not_open() -> None:
    ring = KeyRing([NEW])
    with pytest.raises(Unreadable):
        ring.open(ring.seal("token", "connection:1:access"), "connection:2:access")


def test_a_changed_byte_does_not_open() -> None:
    ring = KeyRing([NEW])
    sealed = bytearray(ring.seal("token", "row"))
    sealed[-1] ^= 1
    with pytest.raises(Unreadable):
        ring.open(bytes(sealed), "row")


def test_an_older_key_still_opens_and_the_first_one_seals() -> None:
    before, after = KeyRing([OLD]), KeyRing([NEW, OLD])
    assert after.open(before.seal("token", "row"), "row") == "token"
    with pytest.raises(Unreadable):
        before.open(after.seal("token", "row"), "row")


def test_a_look_up_after_a_change_of_keys_finds_what_the_old_key_hashed() -> None:
    before, after = KeyRing([OLD]), KeyRing([NEW, OLD])
    assert before.digest("user", "zoom") in after.digests("user", "zoom")
    assert after.digests("user", "zoom")[0] == after.digest("user", "zoom")


def test_a_hash_is_bound_to_its_purpose() -> None:
    ring = KeyRing([NEW])
    assert ring.digest("x", "zoom user") != ring.digest("x", "deauthorization")


@pytest.mark.parametrize(
    "text",
    ["", "short", "a" * 44, "{good},x"],
    ids=["empty", "short", "long", "second"],
)
def test_a_bad_key_is_refused(text: str) -> None:
    text = text.format(good=new_key())

    with pytest.raises(ValueError):  # noqa: PT011 - base64 has words of its own
        decode_keys(text)


def test_a_new_key_and_a_new_token_are_long_enough() -> None:
    assert len(decode_keys(new_key())[0]) == 32
    assert len(new_token()) == 32
    assert new_token() != new_token()
