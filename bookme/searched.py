"""The words by which bookings are found, and what of a search is looked for among them.

A word begins where a text does, after a space, at a letter or digit after anything else, and at
every character of scripts that are written without spaces. It goes on to the next space, so that
``ana@example.com`` is found by ``ana@ex`` as by ``example``.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

#: So much of a word is kept and compared.
LONGEST = 24
#: Of one person so many words are kept; a novel in the notes need not be found whole.
MOST = 500
#: Words begin at so many characters of a text without spaces.
_STARTS = 200
#: Kana and Chinese characters; the same stands in the function that PostgreSQL has.
_UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff]"
_written = json.JSONEncoder(ensure_ascii=False).encode
_START = re.compile(rf"(?<![^\W_])[^\W_]|{_UNSPACED}")


def words(*texts: str) -> list[str]:
    """Every word in texts, each once, in small letters, at most :data:`LONGEST` characters each."""
    pieces = " ".join(texts).lower().split()
    found = dict.fromkeys(word for piece in pieces for word in _begun(piece))
    return list(found)[:MOST]


def looked_for(search: str) -> list[str]:
    """What each word that a search names must begin with."""
    return list(dict.fromkeys(piece[:LONGEST] for piece in search.lower().split()))


def of_person(name: str, email: str, phone: str, notes: str, answers: str) -> str:
    """The words of a person as a JSON list: for SQLite's triggers, which have the columns as they
    are kept.
    """
    said = json.loads(answers) if answers not in ("", "[]") else ()
    given = (_text(one["answer"]) for one in said if "answer" in one)
    return _written(words(name, email, phone, notes, *given))


def _begun(piece: str) -> Iterator[str]:
    yield piece[:LONGEST]
    for start in _START.finditer(piece, 1, _STARTS):
        yield piece[start.start() :][:LONGEST]


def _text(answer: Any) -> str:
    return answer if isinstance(answer, str) else _written(answer)
