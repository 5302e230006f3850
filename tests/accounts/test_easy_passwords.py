"""Passwords that have leaked, or are much like such."""

import pytest
from flask.testing import FlaskClient

from bookme.accounts import passwords
from tests.accounts import steps

EASY = [
    "1234567890",
    "qwertyuiop",
    "password12",
    "Password2024",
    "p@ssw0rd123",
    "iloveyou2020",
    "aaaaaaaaaaaa",
    "abcdefghijkl",
    "a" * 200,
]


@pytest.mark.parametrize("password", EASY)
def test_an_easy_password_is_refused(password: str) -> None:
    assert passwords.is_easy(password)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "zq7-Vfk29xtL", "grüne Wolken im Mai", "ß" * 3 + "7k2mq9xv"],
)
def test_another_is_taken(password: str) -> None:
    assert not passwords.is_easy(password)


def test_one_made_of_the_name_is_easy() -> None:
    assert passwords.is_easy("lindqvist1999", "Mara Lindqvist")
    assert not passwords.is_easy("lindqvist1999!w", "Somebody Else")


def test_the_form_says_so_and_keeps_the_rest(client: FlaskClient) -> None:
    refused = steps.sign_up(client, password="password12")
    assert refused.status_code == 422
    assert "has leaked somewhere" in refused.text
    assert 'value="Nora Berg"' in refused.text
    assert steps.kinds() == []
