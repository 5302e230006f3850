"""Imports point downwards, as docs/architecture.md draws them."""

import ast
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("path", MODULES, ids=[str(p.relative_to(PACKAGE)) for p in MODULES])
def test_imports_point_downwards(path: Path) -> None:
    where = path.relative_to(PACKAGE)
    part = where.parts[0].removesuffix(".py")
    names = imported(path)
    ours = parts(names)
    assert "sandbox" not in ours, "the sandbox is the outside world"
    if part in MAY_IMPORT:
        assert ours <= MAY_IMPORT[part]
    if path.stem in ("routes", "forms"):
        assert not ours & NETWORK, "a request never waits for a provider; leave it to a job"
    if path.stem == "service":
        flask = {(m, n) for m, n in names if m.split(".")[0] == "flask"}
        assert flask <= SERVICES_KNOW, "a service knows no request"
        assert not any(m.endswith((".routes", ".forms")) for m, _ in names)
        if str(where) not in TALKS:
            assert not ours & (NETWORK - {"video"})
    if part == "jobs":
        assert not any(m.endswith((".routes", ".forms")) for m, _ in names)


def test_a_broken_rule_would_be_seen(tmp_path: Path) -> None:
    module = tmp_path / "bad.py"
    module.write_text("def f():\n    from bookme.video import zoom\n    import bookme.jobs.sync\n")
    assert parts(imported(module)) == {"video", "jobs"}
