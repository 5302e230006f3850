"""Every mail as a mail program shows it."""

import pytest
from playwright.sync_api import Browser

from bookme.mail.message import Words
from tests.browser import mail_pictures

#: What stands over the edge, or is too small to press.
_WRONG = """() => {
  const wrong = [...document.querySelectorAll('a.fill')]
    .filter((one) => one.getBoundingClientRect().height < 44)
    .map((one) => `${one.textContent} is low`);
  const wide = document.documentElement.scrollWidth;
  return wide > innerWidth ? [...wrong, `${wide} wide`] : wrong;
}"""


@pytest.fixture(scope="module")
def mails() -> dict[str, Words]:
    return mail_pictures.written()


@pytest.mark.parametrize("styles", ["with styles", "without"])
def test_every_mail_fits_a_small_phone(
    browser: Browser, mails: dict[str, Words], styles: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 600})
    page.route("**/*", lambda route: route.abort())
    wrong = {}
    for name, words in mails.items():
        bare = styles == "without"
        page.set_content(mail_pictures.without_styles(words.html) if bare else words.html)
        if found := page.evaluate(_WRONG):
            wrong[name] = found
    page.close()
    assert len(mails) > 40
    assert wrong == {}


def test_no_subject_is_longer_than_a_phone_shows(mails: dict[str, Words]) -> None:
    assert {name: one.subject for name, one in mails.items() if len(one.subject) > 60} == {}
