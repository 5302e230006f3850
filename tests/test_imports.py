"""Imports point downwards, as docs/architecture.md draws them. What is not allowed is forbidden."""

import ast
from pathlib import Path

import bookme

PACKAGE = Path(bookme.__file__).parent
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts
)  # Alembic runs those

#: What everything may import: values and plain tools that import nothing of BookMe themselves.
ANYWHERE = {
    *("addresses", "availability", "characters", "clock", "deadline", "errors", "logs"),
    *("meters", "moments", "typed", "version", "waits", "zone_names"),
}
#: What each room may import besides itself and ANYWHERE. A room is a folder or a module at the top
#: of the package; one that is not here is unknown, and a rule for it has to be written first.
MAY_IMPORT: dict[str, set[str]] = {
    # Plain tools
    "deadline": set(),
    "endings": set(),
    "errors": set(),
    "clock": set(),
    "waits": set(),
    "crypto": set(),
    "logs": set(),
    "meters": set(),
    "breaker": set(),
    "availability": set(),
    "addresses": set(),
    "characters": set(),
    "moments": set(),
    "private": set(),
    "typed": set(),
    "version": set(),
    "zone_names": set(),
    "sealed": {"crypto", "models"},
    "resealing": {"crypto", "extensions", "models", "sealed"},
    "extensions": set(),
    "sign_in_settings": {"providers"},
    "config": {"crypto", "mail", "private", "providers", "sign_in_settings"},
    "database": {"private", "searched"},
    "prepared": {"database", "extensions"},
    "searched": set(),
    "migrating": {"extensions", "models"},
    "together": {"extensions"},
    "queue": {"breaker"},
    "models": {"extensions"},
    "wal": {"extensions", "models"},
    "inserting": {"extensions", "prepared"},
    "acts": {"extensions", "models"},
    "outbox": {"extensions", "inserting", "models", "sealed"},
    "guard": {"crypto", "extensions", "models", "outbox", "prepared", "sealed", "wal"},
    # The outside world
    "providers.http": set(),
    "providers.zoom": {"providers", "providers.http"},
    "providers.google": {"providers", "providers.http"},
    "providers.microsoft": {"providers", "providers.http"},
    "providers.icloud": {
        *("providers", "providers.http", "providers.icloud.dav", "providers.icloud.ics"),
    },
    "providers.icloud.dav": {"providers", "providers.http"},
    "providers.icloud.ics": {"providers"},
    "providers": {
        *("providers.http", "providers.zoom", "providers.google"),
        *("providers.microsoft", "providers.icloud"),
    },
    "mail": set(),
    # What a request needs
    "web": {"database", "extensions", "guard", "models", "providers", "web.assets"},
    "web.assets": set(),
    # Features, from the lowest up
    "health": {"extensions", "models", "prepared", "providers", "resealing"},
    "metrics": {
        *("database", "extensions", "health", "models", "private", "providers", "queue", "web"),
    },
    "export": {"accounts", "connections.grants", "extensions", "guard", "models"},
    "retention": {"guard", "keeping"},
    "help": {"retention", "web"},
    "keeping": {
        *("accounts", "accounts.factors", "acts", "database", "extensions", "guard", "models"),
        *("report", "wal"),
    },
    "accounts": {
        *("accounts.factors", "accounts.oidc", "accounts.routes", "crypto", "database"),
        *("extensions", "guard", "models", "outbox", "prepared", "sealed", "sign_in_settings"),
        *("wal", "web"),
    },
    "accounts.factors": {"accounts", "crypto", "extensions", "models", "sealed"},
    "accounts.oidc": {  # asks a provider while somebody who signs in waits
        *("accounts", "crypto", "extensions", "models", "providers.http", "sealed"),
        *("sign_in_settings", "wal"),
    },
    "accounts.routes": {
        *("accounts", "accounts.factors", "accounts.oidc", "crypto", "extensions", "guard"),
        *("models", "queue", "sealed", "sign_in_settings", "wal", "web"),
    },
    "connections": {
        *("connections.calendars", "connections.connecting", "connections.grants"),
        *(
            "connections.page",
            "extensions",
            "models",
            "prepared",
            "outbox",
            "providers",
            "providers.http",
        ),
        *("wal",),
    },
    "connections.grants": {
        *("connections", "connections.calendars", "crypto", "database", "extensions", "models"),
        *("outbox", "providers", "providers.http", "resealing", "sealed", "wal"),
    },
    "connections.connecting": {
        *("connections", "connections.calendars", "connections.grants", "crypto", "extensions"),
        *("models", "providers", "providers.http", "sealed", "wal"),
    },
    "connections.calendars": {
        *("connections", "crypto", "extensions", "mail", "models", "outbox", "providers"),
        *("sealed", "web"),
    },
    "connections.page": {
        *("accounts", "connections", "connections.calendars", "connections.connecting"),
        *("connections.grants", "extensions", "models", "providers", "queue", "web"),
    },
    "hours": {"accounts", "extensions", "models", "web"},
    "webhooks": {
        *("connections.grants", "crypto", "extensions", "models", "queue", "sealed"),
        *("together", "wal"),
    },
    "schedules": {
        *("accounts", "connections", "connections.grants", "connections.page", "extensions"),
        *("hours", "models", "prepared", "providers", "schedules.sections", "web"),
    },
    "schedules.ahead": {
        *("bookings", "connections", "models", "schedules", "schedules.sections", "web"),
    },
    "schedules.links": {
        *("bookings", "crypto", "extensions", "models", "schedules", "schedules.sections", "web"),
    },
    "schedules.sections": {"accounts", "hours", "models", "providers", "web"},
    "sharing": {
        *("accounts", "bookings", "extensions", "models", "public", "schedules"),
        *("schedules.links", "web"),
    },
    "unwanted": {
        *("accounts", "bookings", "bookings.dashboard", "extensions", "guard", "models", "queue"),
        *("web",),
    },
    "report": {
        *("accounts", "crypto", "extensions", "mail", "models", "outbox", "queue", "sealed"),
        "web",
    },
    "operating": {
        *("accounts", "accounts.factors", "acts", "doctor", "extensions", "guard", "keeping"),
        *("models", "queue", "report", "wal", "web"),
    },
    "materials": {"config"},
    "reviewer": {
        *(
            "acts",
            "accounts",
            "bookings",
            "connections",
            "extensions",
            "face",
            "hours",
            "jobs",
            "models",
        ),
        *("providers", "queue", "schedules", "schedules.sections"),
    },
    "face": {"accounts", "extensions", "models", "web"},
    "embedding": {"accounts", "extensions", "models", "schedules", "web"},
    "setup": {
        *("accounts", "connections.page", "extensions", "hours", "models", "schedules"),
        *("schedules.sections", "web"),
    },
    "settings": {"accounts", "connections", "connections.page", "extensions", "models", "web"},
    "bookings.asking": {"bookings", "models", "web"},
    "bookings": {
        *("accounts", "bookings.dashboard", "bookings.messages", "crypto", "extensions", "guard"),
        *("inserting", "mail", "models", "prepared", "providers", "wal"),
    },
    "bookings.messages": {
        *("accounts", "bookings", "crypto", "extensions", "face", "mail", "models", "outbox"),
        *("web",),
    },
    "bookings.dashboard": {
        *("accounts", "bookings", "bookings.asking", "bookings.messages", "connections"),
        *("connections.page", "extensions", "guard", "health", "hours", "models", "prepared"),
        *("providers", "public", "queue", "schedules", "searched", "setup", "wal", "web"),
    },
    "feed": {
        *("accounts", "bookings", "bookings.messages", "crypto", "extensions", "models", "web"),
    },
    "numbers": {"accounts", "bookings", "extensions", "models", "schedules", "web"},
    "public": {
        *(
            "accounts",
            "bookings",
            "bookings.asking",
            "bookings.messages",
            "extensions",
            "face",
            "guard",
            "models",
            "queue",
            "retention",
        ),
        *("outbox", "prepared", "schedules", "wal", "web", "web.assets"),
    },
    "styleguide": {"help", "models", "numbers", "public", "web"},
    # Jobs
    "jobs": {
        *("accounts", "bookings", "connections", "connections.connecting", "connections.grants"),
        *("crypto", "database"),
        *(
            "extensions",
            "prepared",
            "jobs.entry",
            "jobs.meeting",
            "jobs.messages",
            "models",
            "providers.zoom",
            "queue",
        ),
        *("resealing", "sealed", "wal", "web", "webhooks"),
    },
    "jobs.meeting": {
        *("bookings", "connections", "connections.grants", "jobs", "mail", "models"),
        *("providers", "web"),
    },
    "jobs.entry": {
        *("bookings", "connections", "connections.calendars", "connections.grants", "jobs"),
        *("jobs.calendars", "jobs.meeting", "mail", "models", "providers", "web"),
    },
    "jobs.calendars": {
        *("connections.calendars", "connections.grants", "extensions", "jobs", "models"),
        *("providers", "queue"),
    },
    "jobs.messages": {
        *("accounts", "bookings", "bookings.messages", "connections", "connections.calendars"),
        *("connections.grants", "crypto", "extensions", "face", "guard", "jobs", "mail"),
        *("models", "outbox", "queue", "report", "web"),
    },
    "jobs.processes": {
        *("accounts", "connections.connecting", "connections.grants", "create_app", "database"),
        *("endings", "extensions", "keeping"),
        *("jobs", "jobs.calendars", "jobs.messages", "logs", "models", "queue", "wal"),
        *("web",),
    },
    # Around all
    "doctor": {
        *("accounts.oidc", "connections.grants", "extensions", "guard", "health", "mail"),
        *("models", "providers", "providers.http", "resealing", "sign_in_settings"),
        "database",
    },
    "backup": {
        *("acts", "connections", "connections.grants", "database", "extensions", "health"),
        *("models", "private"),
    },
    "support": {
        *("acts", "connections.grants", "database", "doctor", "extensions", "health", "models"),
        *("private", "providers", "queue", "version"),
    },
    "cli": {
        *("acts", "backup", "accounts", "connections.grants", "doctor", "extensions"),
        *("jobs.processes", "resealing", "sign_in_settings", "support"),
    },
    "running": {
        *("config", "create_app", "endings", "jobs.processes", "metrics", "private"),
        *("running.furnishing", "web.assets"),
    },
    "running.furnishing": {  # the demo's content, made as features and jobs would
        *("accounts", "bookings", "bookings.messages", "create_app", "database", "extensions"),
        *(
            "face",
            "hours",
            "jobs",
            "jobs.messages",
            "logs",
            "models",
            "queue",
            "running",
            "schedules",
        ),
        *("schedules.links", "schedules.sections"),
    },
    "wsgi": {"create_app", "migrating"},
    "__main__": {"create_app", "migrating", "running"},
    "": {
        "breaker",
        "config",
        "crypto",
        "database",
        "extensions",
        "mail",
        "migrating",
        "models",
        "queue",
        "web",
        "web.assets",
    },  # the factory
}
#: A request never waits for these; a job does.
NETWORK = {"providers.http", "jobs", "mail"}
VENDORS = {f"providers.{path.name}" for path in (PACKAGE / "providers").iterdir() if path.is_dir()}
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


def room(module: str, package: Path = PACKAGE) -> str:
    """The room of a module, by its dotted name below the package."""
    parts = module.split(".") if module else []
    while parts and not package.joinpath(*parts).is_dir():
        if len(parts) == 1:
            return parts[0]
        parts.pop()
    return ".".join(parts)


def rooms(names: set[tuple[str, str]]) -> set[str]:
    """The rooms of bookme among these imports."""
    below = {f"{module}.{name}" for module, name in names if f"{module}.".startswith("bookme.")}
    return {room(_existing(one.removeprefix("bookme.").rstrip("."))) for one in below} - {""}


def _existing(dotted: str) -> str:
    """The module that a dotted name leads to: what it ends in may be a name of that module."""
    parts = dotted.split(".")
    path = PACKAGE.joinpath(*parts)
    exists = path.is_dir() or path.with_suffix(".py").exists()
    return dotted if exists or len(parts) == 1 else ".".join(parts[:-1])


def complaints(path: Path) -> list[str]:
    """What a module imports against the rules."""
    where = path.relative_to(PACKAGE).with_suffix("")
    dotted = ".".join(where.parts).removesuffix("__init__").rstrip(".")
    own, names = room(dotted), imported(path)
    if own not in MAY_IMPORT:
        return [f"{where}: there is no rule for {own or 'the package'}"]
    found = rooms(names) - {own} - ANYWHERE
    said = [f"{where} may not import {other}" for other in sorted(found - MAY_IMPORT[own])]
    if path.stem in ("routes", "forms", "service"):
        waits = {one for one in found if one.split(".")[0] in NETWORK or one in NETWORK | VENDORS}
        allowed = {"providers.http"} if own == "connections" else set()
        said += [f"{where} waits for {one}: leave that to a job" for one in waits - allowed]
    if path.stem == "service":
        flask = {(m, n) for m, n in names if m.split(".")[0] == "flask"}
        said += [f"{where} knows a request" for _ in flask - SERVICES_KNOW]
    if path.stem == "service" or own.split(".")[0] == "jobs":
        pages = [
            m for m, _ in names if m.startswith("bookme.") and m.endswith((".routes", ".forms"))
        ]
        said += [f"{where} imports {page}" for page in pages]
    return said


def test_imports_point_downwards() -> None:
    assert [said for path in MODULES for said in complaints(path)] == []


def test_every_rule_is_about_a_room_that_exists() -> None:
    there = {room(".".join(p.relative_to(PACKAGE).with_suffix("").parts)) for p in MODULES}
    assert set(MAY_IMPORT) - there - {""} == set()


def test_a_broken_rule_would_be_seen(tmp_path: Path) -> None:
    module = tmp_path / "bad.py"
    module.write_text(
        "def f():\n    from bookme.providers.zoom import client\n    import bookme.jobs.sync\n"
        "    from bookme.models import Booking\n"
    )
    assert rooms(imported(module)) == {"providers.zoom", "jobs", "models"}


def test_the_sandbox_and_bookme_know_nothing_of_each_other() -> None:
    assert not [p for p in MODULES if any(m.split(".")[0] == "sandbox" for m, _ in imported(p))]
    sandbox = PACKAGE.parent / "sandbox"
    modules = sorted(sandbox.rglob("*.py"))
    assert modules
    assert not [p for p in modules if any(m.split(".")[0] == "bookme" for m, _ in imported(p))]
