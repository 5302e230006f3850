"""What somebody does on a page to bring it into one of its states."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Locator, Page

from bookme.clock import utcnow
from tests.system import PASSWORD

Act = Callable[[Page], None]


def list_no_site(page: Page) -> None:
    page.get_by_role("textbox", name="Sites").fill("http://example.com")
    page.get_by_role("button", name="Save sites").click()


def send_nothing(button: str) -> Act:
    """Press a button without typing anything, past the browser's own checks."""

    def act(page: Page) -> None:
        page.evaluate("document.querySelectorAll('form').forEach(f => f.noValidate = true)")
        page.get_by_role("button", name=button).click()
        page.get_by_role("alert").first.wait_for()

    return act


def correct_badly(page: Page) -> None:
    page.get_by_label("Your name").fill("")
    page.get_by_label("Your e-mail address").fill("ana")
    page.get_by_role("button", name="Save details").click()
    page.get_by_role("alert").first.wait_for()


def wrong_password(page: Page) -> None:
    page.get_by_label("E-mail").fill("mara@hosts.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("alert").first.wait_for()


def ordinary_password(page: Page) -> None:
    page.get_by_label("E-mail address of your Apple Account").fill("mara@example.com")
    page.get_by_label("App-specific password").fill("not one of theirs")
    page.get_by_role("button", name="Connect iCloud").click()
    page.get_by_role("alert").first.wait_for()


def book(page: Page) -> None:
    """Book the first time there is."""
    page.locator("a.time").first.click()
    page.get_by_label("Your name").fill("Frida Holt")
    page.get_by_label("Your e-mail address").fill("frida@bookers.example")
    page.get_by_role("button", name="Book this time").click()
    page.locator("#meeting").wait_for()


def reconnect(page: Page) -> None:
    page.get_by_role("button", name="Reconnect Zoom").click()
    page.get_by_role("button", name="Allow").wait_for()


def make_feed(page: Page) -> None:
    create = page.get_by_role("button", name="Create a calendar feed")
    create.or_(page.get_by_role("button", name="Get a new address")).click()
    page.get_by_role("heading", name="New address").wait_for()


def be_away(page: Page) -> None:
    """Take time off in which there are bookings."""
    today = utcnow().date()
    page.get_by_label("First day").fill(f"{today}")
    page.get_by_label("Last day").fill(f"{today + timedelta(days=30)}")
    page.get_by_role("button", name="Save time off").click()
    page.get_by_role("button", name="Save anyway").wait_for()


def unfold(page: Page) -> None:
    """Open all parts of the editor."""
    page.locator(".fold").evaluate_all("parts => parts.forEach(part => part.open = true)")


def _unfolded(page: Page, part: str) -> Locator:
    """A part of the editor, open."""
    found = page.locator(f"#part-{part}")
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def send_errors(page: Page) -> None:
    """A question without words, a message to nobody, too many guests, an address without https."""
    questions = _unfolded(page, "questions")
    questions.get_by_label("Question", exact=True).first.fill("")
    questions.get_by_label("Choices").nth(2).fill("")
    messages = _unfolded(page, "messages")
    messages.get_by_label("Booker and guests").first.uncheck()
    _unfolded(page, "guests").get_by_label("Guests a booker can add").fill("99")
    _unfolded(page, "after").get_by_label("Address to continue to").fill("http://plain.example")
    _unfolded(page, "limits").get_by_label("Buffer before").fill("9999")
    changes = _unfolded(page, "changes")
    changes.get_by_role("spinbutton", name="Bookers can cancel until").fill("9999")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("alert").first.wait_for()


def make_link(page: Page) -> None:
    page.get_by_role("button", name="Create link").click()
    page.get_by_role("heading", name="Your new link").wait_for()


def make_wrong_link(page: Page) -> None:
    page.get_by_label("Expires after").fill("9999")
    page.get_by_role("button", name="Create link").click()
    page.get_by_role("alert").first.wait_for()


def send_overlap(page: Page) -> None:
    """A schedule without a title, whose Monday has two windows that overlap."""
    hours = _unfolded(page, "hours")
    hours.get_by_label("Use", exact=True).select_option("own")
    hours.get_by_role("button", name="Add hours on Monday").click()
    hours.get_by_label("Monday from").nth(1).fill("10:00")
    hours.get_by_label("Monday to").nth(1).fill("12:00")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("alert").first.wait_for()


def confirm_it_is_me(page: Page) -> None:
    """Type the password, if a page asks for it as it does some time after signing in."""
    if "/confirm-identity" not in page.url:
        return
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", level=1).filter(has_not_text="Confirm that it’s you").wait_for()


def begin_app(page: Page) -> None:
    """Set up an authenticator app, up to its first code."""
    page.get_by_role("button", name="Set up an authenticator app").click()
    page.wait_for_load_state()
    confirm_it_is_me(page)
    if not page.url.endswith("/app"):
        page.get_by_role("button", name="Set up an authenticator app").click()
    page.wait_for_url("**/second-factor/app")


def invite(page: Page) -> None:
    page.get_by_role("button", name="Create an invitation").click()
    page.get_by_role("button", name="Withdraw").first.wait_for()


def come_from_elsewhere(page: Page) -> None:
    """Sign in at a provider as somebody whose e-mail address has an account here already."""
    page.get_by_role("button", name="Continue with Example").click()
    page.get_by_role("radio", name="Ben Okafor").check()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Link Example").wait_for()


def block(page: Page) -> None:
    page.locator("#blocked").get_by_role("textbox").fill("spam.example")
    page.get_by_role("button", name="Block", exact=True).click()
    page.get_by_role("button", name="Remove").first.wait_for()


def find(page: Page) -> None:
    page.get_by_role("button", name="Show bookings").click()
    page.wait_for_url("**/wave?**")


def correct_address(page: Page) -> None:
    page.get_by_label("Your e-mail address").fill("ana@new.example")
    page.get_by_role("button", name="Save details").click()
    page.get_by_text("Confirm your new e-mail address.").wait_for()


def be_another(page: Page) -> None:
    """Connect the Zoom account of somebody else."""
    page.get_by_role("button", name="Use another account").click()
    page.get_by_role("radio", name="Chloé").check()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="Replace account").wait_for()
