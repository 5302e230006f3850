"""A sealed value opens in the row and column it was sealed for, and nowhere else."""

from typing import Any

import pytest
from flask import Flask

from bookme.connections.grants import seals
from bookme.crypto import Unreadable
from bookme.providers.http.grant import Grant
from bookme.providers.video import Account, Plan
from tests.conftest import NOW

OPENERS = (seals.access_token, seals.refresh_token, seals.label)


def columns(seal_id: str) -> dict[str, Any]:
    """All that a connection seals."""
    account = Account("id", "account", "label", Plan.LICENSED, "active")
    pair = seals.pair(seal_id, Grant("access", "refresh", 3600, frozenset()), now=NOW)
    return pair | seals.account(seal_id, "zoom", account)


@pytest.fixture
def sealed(app: Flask) -> dict[str, Any]:
    return columns("seal")


def test_each_value_opens_in_its_own_column(sealed: dict[str, Any]) -> None:
    opened = (
        seals.access_token("seal", sealed["access_token_sealed"]),
        seals.refresh_token("seal", sealed["refresh_token_sealed"]),
        seals.label("seal", sealed["label_sealed"]),
    )
    assert opened == ("access", "refresh", "label")


@pytest.mark.parametrize("opener", OPENERS, ids=lambda opener: opener.__name__)
def test_a_value_copied_to_another_column_does_not_open(
    sealed: dict[str, Any], opener: Any
) -> None:
    own = f"{opener.__name__}_sealed"
    others = {name: value for name, value in sealed.items() if name.endswith("_sealed")}
    del others[own]
    assert len(others) == 4
    for value in others.values():
        with pytest.raises(Unreadable):
            opener("seal", value)


@pytest.mark.parametrize("opener", OPENERS, ids=lambda opener: opener.__name__)
def test_a_value_copied_to_another_row_does_not_open(app: Flask, opener: Any) -> None:
    with pytest.raises(Unreadable):
        opener("seal", columns("another")[f"{opener.__name__}_sealed"])


def test_a_user_id_from_another_column_finds_nobody(sealed: dict[str, Any]) -> None:
    class Row:
        provider, seal_id, user_digest = "zoom", "seal", None
        user_id_sealed = sealed["account_id_sealed"]

    assert seals.same_user(Row()) == []
