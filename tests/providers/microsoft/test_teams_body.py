"""The part of an event's text that belongs to Teams is kept."""

from html.parser import HTMLParser

import pytest

from bookme.providers.microsoft import teams_body

JOIN = "https://teams.microsoft.com/l/meetup-join/19%3ameeting?context=%7b%22Tid%22&x=1"
OWN = "https://bookme.example/dashboard/bookings/3f25"
LINE = '<div style="width:100%"><span>________________________________________</span></div>'
CLASS = '<div class="me-email-text" lang="en-US"><div>Microsoft Teams meeting</div></div>'
LINK = f'<a href="{JOIN.replace("&", "&amp;")}">Join</a>'
OURS = f"<div>Before<br>{OWN}</div>"
HEAD = '<html>\r\n<head>\r\n<meta content="text/html">\r\n</head>\r\n<body>\r\n'
TAIL = "\r\n</body>\r\n</html>\r\n"
AFTER = f"After\n{OWN}"


def replaced(content: str, text: str = AFTER) -> str | None:
    return teams_body.replaced(content, text, join_url=JOIN, own_url=OWN)


@pytest.mark.parametrize(
    "part",
    [
        f"{LINE}\r\n{CLASS}<div>{LINK}</div>{LINE}",
        f"{CLASS}<p>{LINK}</p>",
        f"<div><p>{LINE}</p>{CLASS}</div>",
        f"<table><tr><td>{LINK}</td></tr></table>",
        f"________________________________________<br>{LINK}",
        f"{LINE}<p>never closed<br>{LINK}",
        f"<br>\r\n{LINE}{CLASS}{LINK}",
    ],
    ids=["today", "class", "wrapped", "only a link", "bare text", "broken", "after a break"],
)
@pytest.mark.parametrize(
    "ours", [OURS, f"Before\u2028\n<br>\n{OWN}<br>", ""], ids=["div", "text", "gone"]
)
def test_the_text_above_teams_part_is_replaced_and_the_part_kept(part: str, ours: str) -> None:
    content = replaced(f"{HEAD}{ours}{part}{TAIL}")
    assert content is not None
    assert content.startswith(f"<html><body><div>After<br>{OWN}</div>")
    assert content.removesuffix("</body></html>").rstrip().endswith(part)
    assert content.count(OWN) == 1
    assert "Before" not in content
    assert replaced(content) == content, "once more changes nothing"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<body><div>Before</div></body>",
        f"<body><div>Before {OWN} {LINE} {LINK}</div></body>",
        f"Before {OWN} {JOIN}",
    ],
    ids=["empty", "no link", "all in one", "plain text"],
)
def test_where_the_part_cannot_be_told_nothing_is_replaced(content: str) -> None:
    assert replaced(content) is None


def test_nobodys_words_can_pass_for_teams_part() -> None:
    words = f"{'_' * 80}\n<div class='me-email-text'>{JOIN}</div>"
    content = replaced(f"{teams_body.page(words).removesuffix('</body></html>')}{LINE}{LINK}{TAIL}")
    assert content is not None
    assert "____" not in content.partition(LINE)[0]
    assert content.count("Before") == 0
    assert content.endswith(f"{LINE}{LINK}\r\n</body></html>")


def test_a_text_becomes_html_that_says_the_same() -> None:
    class Said(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.said += "\n" if tag == "br" else ""

    reader = Said()
    reader.feed(teams_body.page("<b>1 & 2</b>\n&lt;"))
    assert reader.said == "<b>1 & 2</b>\n&lt;"
