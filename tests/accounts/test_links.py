"""The links of account mails."""

import pytest
from flask import Flask

from bookme.accounts import links
from bookme.accounts.links import BadLink, Purpose
from tests import factories
from tests.conftest import NOW


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_serves_its_own_purpose_only(app: Flask, purpose: Purpose) -> None:
    host = factories.host()
    token = links.make(host, purpose, now=NOW).rsplit("/", 1)[-1]
    assert links.read(token, purpose, now=NOW) is host
    for other in set(Purpose) - {purpose}:
        with pytest.raises(BadLink):
            links.read(token, other, now=NOW)
