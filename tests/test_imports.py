"""Imports point downwards, as docs/architecture.md draws them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bookme

PACKAGE = Path(bookme.__file__).parent
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "sandbox" not in p.parts)

#: What each part may import from bookme. A part that is not here may import anything below it.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "clock": set(),
    "waits": set(),
    "crypto": set(),
    "availability": {"availability"},
    "answers": {"errors", "clock"},
    "transport": {"errors", "answers", "clock"},
    "remote": {"errors", "transport", "answers", "clock"},
    "oauth": {"errors", "remote", "transport", "answers", "clock"},
    "video": {"video", "remote", "oauth", "errors", "answers", "transport", "clock", "typed"},
    "calendars": {
        "calendars",
        "availability",
        "remote",
        "oauth",
        "errors",
        "answers",
        "transport",
        "clock",
        "typed",
    },
    "models": {"models", "extensions", "clock", "availability"},
    "typed": set(),
    "zone_names": set(),
    "queue": {"extensions", "breaker"},
    "breaker": set(),
}
#: A request never waits for these; a job does.
NETWORK = {"video", "calendars", "jobs", "remote", "oauth", "transport", "mail"}
#: Connecting, testing and disconnecting are a conversation with the provider while the host waits.
TALKS = {"connections/service.py", "connections/tokens.py", "connections/consent.py"}
#: What a service knows of Flask.
SERVICES_KNOW = {("flask", "current_app")}


def imported(path: Path) -> set[tuple[str, str]]:
    """Every import of a module as (module, name); imports for type checkers only are left out."""
    found: set[tuple[str, str]] = set()
    for node in ast.walk(_without_type_checking(ast.parse(path.read_text()))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {(node.module, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
    return found


def _without_type_checking(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    return tree


def parts(names: set[tuple[str, str]]) -> set[str]:
    """The parts of bookme among these imports."""
    found = set()
    for module, name in names:
        if module == "bookme":
            found.add(name)
        elif module.startswith("bookme."):
            found.add(module.split(".")[1])
    return found


def complaints(path: Path, where: Path) -> Iterator[str]:
    """The rules that a module breaks.

    :param where: the same from the package's folder.
    """
    part = where.parts[0].removesuffix(".py")
    names = imported(path)
    ours = parts(names)
    pages = {m for m, _ in names if m.endswith((".routes", ".forms"))}
    if "sandbox" in ours:
        yield "the sandbox is the outside world"
    if part in MAY_IMPORT and not ours <= MAY_IMPORT[part]:
        yield f"{part} may not import {sorted(ours - MAY_IMPORT[part])}"
    if path.stem in ("routes", "forms") and ours & NETWORK:
        yield f"a request never waits for a provider; leave {sorted(ours & NETWORK)} to a job"
    if path.stem == "service":
        yield from _services(where, names, ours, pages)
    if part == "jobs" and pages:
        yield "a job knows no pages"


def _services(
    where: Path, names: set[tuple[str, str]], ours: set[str], pages: set[str]
) -> Iterator[str]:
    flask = {(m, n) for m, n in names if m.split(".")[0] == "flask"}
    if not flask <= SERVICES_KNOW or pages:
        yield "a service knows no request"
    if str(where) not in TALKS and ours & (NETWORK - {"video"}):
        yield f"a service leaves {sorted(ours & NETWORK)} to a job"


def test_imports_point_downwards() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}: {complaint}"
        for path in MODULES
        for complaint in complaints(path, path.relative_to(PACKAGE))
    ]
    assert found == []


def test_a_broken_rule_would_be_seen(tmp_path: Path) -> None:
    module = tmp_path / "bad.py"
    module.write_text("def f():\n    from bookme.video import zoom\n    import bookme.jobs.sync\n")
    assert parts(imported(module)) == {"video", "jobs"}
    assert len(list(complaints(module, Path("availability/bad.py")))) == 1
    named = tmp_path / "service.py"
    named.write_text("from flask import request\nfrom bookme.jobs import sync\n")
    assert len(list(complaints(named, Path("bookings/service.py")))) == 2
