"""Answers of CalDAV servers that are no proper XML, or more than that."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from bookme.errors import ProviderUnavailable
from bookme.providers.http.answers import Answer
from bookme.providers.icloud.dav import answers, questions
from tests import wire

HEAD = '<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'


def response(content: str, status: str = "200 OK") -> str:
    return (
        "<response><href>/cal/e.ics</href><propstat><prop>"
        f"<C:calendar-data>{content}</C:calendar-data></prop>"
        f"<status>HTTP/1.1 {status}</status></propstat></response>"
    )


def answer(*responses: str, encoding: str = "utf-8", declaration: str = "") -> Answer:
    whole = f"{declaration}{HEAD}{''.join(responses)}</multistatus>"
    return Answer(207, {}, whole.encode(encoding, errors="surrogateescape"))


def files(*responses: str, encoding: str = "utf-8", declaration: str = "") -> list[str]:
    found = answers.entries(
        "icloud", answer(*responses, encoding=encoding, declaration=declaration)
    )
    assert found.lost == 0
    return found.files


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a\x0bb", "ab"),
        ("a&#x15;b", "ab"),
        ("a&#11;b&#xD800;c&#x110000;", "abc"),
        ("<![CDATA[a\x0bb & <c> &#x15;]]>", "ab & <c> &#x15;"),
        ("a & b &nbsp; &amp; &lt;c&gt; &#233;&#xE9;", "a & b &nbsp; & <c> éé"),
        ("a <b>b</b> c", "a b c"),
        ("a\udcffb", "a\ufffdb"),
    ],
    ids=repr,
)
def test_a_character_that_xml_forbids_costs_itself_only(content: str, expected: str) -> None:
    assert files(response("x"), response(content), response("y")) == ["x", expected, "y"]


@pytest.mark.parametrize("fold", ["\r\n ", "\n\t", "&#13;\n ", "\r "], ids=repr)
def test_a_line_folded_within_a_character_is_joined(fold: str) -> None:
    first, second = (bytes([byte]).decode("utf-8", "surrogateescape") for byte in "ü".encode())
    assert files(response(f"SUMMARY:M{first}{fold}{second}ller")) == ["SUMMARY:Müller"]


def test_the_encoding_that_an_answer_names_is_used() -> None:
    latin = '<?xml version="1.0" encoding="iso-8859-1"?>'
    assert files(response("Zoë"), encoding="latin-1", declaration=latin) == ["Zoë"]
    unknown = '<?xml version="1.0" encoding="x-none"?>'
    assert files(response("Zoë"), declaration=unknown) == ["Zoë"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SECRET",
        b"<html>SECRET</html>",
        b"<multistatus/>",
        f"{HEAD}{response('SECRET')}".encode(),
        f"<!DOCTYPE x [<!ENTITY s 'SECRET'>]>{HEAD}{response('&s;')}</multistatus>".encode(),
        f"{HEAD}{response('x')}<response><status>HTTP/1.1 507 x</status></response>"
        "</multistatus>".encode(),
    ],
    ids=lambda content: str(content[:30]),
)
def test_an_answer_that_is_not_whole_is_no_answer(content: bytes) -> None:
    with pytest.raises(ProviderUnavailable) as caught:
        answers.entries("icloud", Answer(207, {}, content))
    assert "SECRET" not in wire.shown(caught.value)


def test_an_entry_that_the_parser_loses_is_counted() -> None:
    broken = response("x").replace("</C:calendar-data>", "").replace("<C:", "<C:<C:", 1)
    found = answers.entries("icloud", answer(response("y"), broken + response("z")))
    assert "y" in found.files[0]
    assert len(found.files) + found.lost >= 3


def test_a_file_that_was_deleted_meanwhile_is_not_missed() -> None:
    found = answers.entries("icloud", answer(response("", "404 Not Found"), response("x")))
    assert (found.files, found.lost) == (["x"], 0)


def test_a_question_is_xml_that_names_its_stretch_in_utc() -> None:
    begin, end = datetime(2027, 3, 8, tzinfo=UTC), datetime(2027, 3, 9, tzinfo=UTC)
    asked = etree.fromstring(questions.entries_between(begin, end))
    [when] = asked.iter("{urn:ietf:params:xml:ns:caldav}time-range")
    assert dict(when.attrib) == {"start": "20270308T000000Z", "end": "20270309T000000Z"}


def test_a_path_is_written_in_one_way() -> None:
    there = "<href> https://p07.example/a%7Eb/%c3%a9 f/ </href>"
    listed = f"{HEAD}<response>{there}</response></multistatus>"
    [(path, found)] = answers.properties("icloud", Answer(207, {}, listed.encode()))
    assert (path, found) == ("/a~b/%C3%A9%20f/", {})
