"""What Apple's app-specific passwords look like."""

import pytest

from bookme.providers.icloud import app_password


@pytest.mark.parametrize(
    "text",
    [
        "abcd-efgh-ijkl-mnop",
        " abcd-efgh-ijkl-mnop\n",
        "abcdefghijklmnop",
        "abcd efgh ijkl mnop",
        "ABCD–EFGH–IJKL–MNOP",
    ],
)
def test_one_that_was_copied_in_another_form_is_put_right(text: str) -> None:
    assert app_password.tidy(text) == "abcd-efgh-ijkl-mnop"


@pytest.mark.parametrize(
    "text",
    ["", "My-Apple-Password1", "zyxw-efgh-ijkl", "zyxw-efgh-ijkl-mno1", "zyxw-efgh-ijkl-mnöp"],
)
def test_the_accounts_own_password_is_told_from_one_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="app-specific password") as caught:
        app_password.tidy(text)
    assert not text or text not in str(caught.value)
