"""Rules that make calls fail: which calls, how, how often.

A rule is ``{"operation": "create", "kind": "reset-after", "count": 2}``. ``operation`` is one of
``OPERATIONS`` (operations.py), a list of them, ``*`` or ``google.*``. ``kind`` is one of
:data:`KINDS` or a list of which one is drawn at each hit; ``"passing"`` stands for all that go away
by trying again, ``"every"`` for all. A kind that is one provider's own strikes only its calls.
``count`` is how many calls are hit (1 unless said, null for ever), ``skip`` how many pass first,
``probability`` and ``seed`` let chance decide, the same way each time. ``seconds`` is how long a
slow one takes, ``body`` and ``headers`` replace those of a fixture.
"""

import json
import random
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from sandbox.answers import SAMPLES
from sandbox.operations import OPERATIONS, provider_of
from sandbox.settings import is_count, is_number

#: Kinds that need nothing done first. Each exists as ``…-after`` too: then what was asked is done
#: and the caller does not learn it.
_EARLY = ("reset", "timeout", "slow", "500", "502", "503", "html-200")
#: Kinds that spoil the true answer, so what was asked has been done.
_SPOILING = ("broken-json", "wrong-types", "empty", "cut-body", "drip-headers", "drip-body")
#: Every error that a provider is known to give, by its fixture's name; whose it is stands before
#: it, unless it is Zoom's.
ERRORS: dict[str, dict[str, Any]] = {
    (name if provider == "zoom" else f"{provider}.{name}"): fixture
    for provider in ("zoom", "google", "microsoft")
    for name, fixture in SAMPLES[provider].items()
    if fixture["status"] >= 400
}
_PASSING = (
    *_EARLY,
    *(f"{kind}-after" for kind in _EARLY),
    *_SPOILING,
    "api_429_qps",
    "google.403_rate",
    "google.403_user_rate",
    "google.429_rate",
    "microsoft.429",
)
KINDS = tuple(dict.fromkeys((*_PASSING, *ERRORS)))
_GROUPS = {"passing": _PASSING, "every": KINDS}
_FIELDS = {
    "operation",
    "kind",
    "count",
    "skip",
    "probability",
    "seed",
    "seconds",
    "body",
    "headers",
}
_SECONDS = {"timeout": 30.0, "slow": 5.0, "drip-headers": 30.0, "drip-body": 30.0}


@dataclass(frozen=True, slots=True)
class Fault:
    """One hit.

    :ivar kind: one of :data:`KINDS` without its ``-after``.
    :ivar after: whether what was asked is done first.
    """

    label: str
    kind: str
    after: bool
    seconds: float
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def add(db: sqlite3.Connection, rule: Any) -> int:
    """Add a rule; earlier ones go first.

    :return: its id.
    :raises ValueError: saying what is wrong with it.
    """
    if not isinstance(rule, dict) or not set(rule) <= _FIELDS:
        raise ValueError(f"a rule has only {', '.join(sorted(_FIELDS))}")
    rule = {**rule, "operation": _operations(rule), "kind": _kinds(rule)}
    count = rule.pop("count", 1)
    chance = rule.get("probability", 1)
    if not (count is None or is_count(count)) or not is_count(rule.get("skip", 0)):
        raise ValueError("count and skip are whole numbers")
    if not is_number(chance) or chance > 1 or not is_number(rule.get("seconds", 0)):
        raise ValueError("probability is between 0 and 1, seconds at least 0")
    row = db.execute(
        "INSERT INTO fault (rule, remaining) VALUES (?, ?) RETURNING id", (json.dumps(rule), count)
    ).fetchone()
    return int(row["id"])


def take(db: sqlite3.Connection, operation: str) -> Fault | None:
    """The fault for a call that has just come in, counted; None if it may go on undisturbed."""
    for row in db.execute("SELECT * FROM fault WHERE coalesce(remaining, 1) > 0 ORDER BY id"):
        rule = json.loads(row["rule"])
        kinds = [kind for kind in rule["kind"] if _can_strike(kind, operation)]
        if operation not in rule["operation"] or not kinds:
            continue
        seen = row["seen"] + 1
        db.execute("UPDATE fault SET seen = ? WHERE id = ?", (seen, row["id"]))
        chance = random.Random(f"{rule.get('seed', 0)}/{row['id']}/{seen}")
        if seen > rule.get("skip", 0) and chance.random() < rule.get("probability", 1):
            db.execute(
                "UPDATE fault SET remaining = remaining - 1, hits = hits + 1 WHERE id = ?",
                (row["id"],),
            )
            return _fault(rule, chance.choice(kinds))
    return None


def listed(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every rule with what has become of it."""
    return [
        {
            **json.loads(row["rule"]),
            **{key: row[key] for key in ("id", "remaining", "seen", "hits")},
        }
        for row in db.execute("SELECT * FROM fault ORDER BY id")
    ]


def clear(db: sqlite3.Connection) -> None:
    """Forget all rules."""
    db.execute("DELETE FROM fault")


def _can_strike(kind: str, operation: str) -> bool:
    return kind not in ERRORS or provider_of(kind) == provider_of(operation)


def _fault(rule: dict[str, Any], label: str) -> Fault:
    kind = label.removesuffix("-after")
    return Fault(
        label=label,
        kind=kind,
        after=kind != label,
        seconds=rule.get("seconds", _SECONDS.get(kind, 0.0)),
        body=rule.get("body"),
        headers=rule.get("headers") or {},
    )


def _operations(rule: dict[str, Any]) -> list[str]:
    asked = rule.get("operation")
    named: list[str] = []
    for name in map(str, asked if isinstance(asked, list) else [asked]):
        group = [one for one in OPERATIONS if one.startswith(name[:-1])] if name[-1:] == "*" else []
        named += group or [name]
    if not named or not set(named) <= set(OPERATIONS):
        raise ValueError(f"operation is * or of {', '.join(OPERATIONS)}")
    return named


def _kinds(rule: dict[str, Any]) -> list[str]:
    asked = rule.get("kind")
    kinds: list[str] = []
    for name in asked if isinstance(asked, list) else [asked]:
        kinds.extend(_GROUPS.get(str(name), (str(name),)))
    if not kinds or not set(kinds) <= set(KINDS):
        raise ValueError(f"kind is one or more of {', '.join((*_GROUPS, *KINDS))}")
    return kinds
