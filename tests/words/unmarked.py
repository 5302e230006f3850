"""Finds texts that people read and that no translator would be given.

``python -m tests.words.unmarked [path ...]`` lists them for a part of the package.
"""

import ast
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

import bookme

PACKAGE = Path(bookme.__file__).parent
TEMPLATES = PACKAGE / "templates"

#: Functions whose arguments are given to translators.
GETTEXT = {
    *("_", "_l", "gettext", "ngettext", "pgettext", "npgettext", "lazy_gettext", "lazy_ngettext"),
    *("lazy_pgettext", "N_"),
}
#: Rooms in which nobody reads what is written: jobs log, operators read English.
UNREAD = (
    *("models", "availability", "running", "jobs/processes", "providers/http", "webhooks"),
    *(
        "cli.py",
        "doctor/outside.py",
        "doctor/counted.py",
        "errors.py",
        "crypto.py",
        "logs.py",
        "queue.py",
        "breaker.py",
    ),
    *("database.py", "extensions.py", "wal.py", "health", "web/security.py", "export/service.py"),
    "bookings/own_data.py",  # names of columns
    *(
        "web/robots.py",
        "web/security_txt.py",
        "config.py",
        "sign_in_settings.py",
        "__main__.py",
        "migrations",
        "backup",
        "operating/commands.py",
        "operating/pruning.py",
        "support",
        "acts.py",
        "keeping.py",
    ),
    *("styleguide", "templates/styleguide"),  # for developers
    *("accounts/seen.py", "mail/smtp.py", "providers/icloud/ics"),
    *("materials", "reviewer"),  # reviewers read English
    *("meters", "metrics", "version.py"),
)
#: Calls that write for a log or a machine.
UNREAD_CALLS = {
    *("debug", "info", "warning", "error", "exception", "critical", "compile", "text", "getLogger"),
    *(
        "fullmatch",
        "match",
        "search",
        "sub",
        "split",
        "join",
        "url_for",
        "render_template",
        "render",
    ),
    *(
        "header",
        "literal",
        "alias",
        "Setting",
        "note",
        "setdefault",
        "add_header",
        "startswith",
        "endswith",
    ),
    *("TypeVar", "ProviderUnavailable", "NotAllowed", "NotFound", "Rejected", "ConnectionRevoked"),
    *(
        "ProviderError",
        "TypeError",
        "LookupError",
        "RuntimeError",
        "KeyError",
        "Blueprint",
        "strptime",
    ),
    *("CheckConstraint", "Index", "replace", "removeprefix", "removesuffix", "get", "hint"),
    *("format_date", "format_time", "format_skeleton"),
    "digest",
}
#: Names that are the same in every language.
NAMES = {
    *("BookMe", "Zoom", "Google", "Microsoft", "iCloud", "UTC", "Google Meet", "Microsoft Teams"),
    *("Google Calendar", "Outlook", "Microsoft Outlook", "Office 365", "Yahoo"),
    *("narrow", "medium", "shell"),  # classes that a page gives to its frame
    *("Edge", "Opera", "Samsung Internet", "Firefox", "Chrome", "Safari", "Android", "Windows"),
    *("Mac", "Linux"),
}
#: What only machines read: a media type, an attachment's name, a pattern of a date.
_MACHINE = re.compile(r"\w+/[\w.+*-]+[;,].*|attachment; filename=.*|[EMLdy, ]+")
_PRODUCTS = {
    *("Edge", "Opera", "Samsung Internet", "Firefox", "Chrome", "Safari", "Android", "Windows"),
    *("Mac", "Linux", "Microsoft Outlook"),
}
_SENTENCE = re.compile(r"[^\W\d_]{2,}[,.:;!?]?\s+[^\W\d_]")
_WORD = re.compile(r"[A-Z][a-z]+[.…?:]?")
_LETTER = re.compile(r"[^\W\d_]")
#: A word beside a name that is put in.
_PIECE = re.compile(r"[^\W\d_]{3,}\s|\s[^\W\d_]{3,}")
_READ_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title", "content"}
_UNREAD_ELEMENTS = {"script", "style", "code", "kbd"}


def is_read(text: str) -> bool:
    """Whether a text looks like words for people."""
    shown = " ".join(text.split())
    if shown in NAMES | _PRODUCTS or not shown or _MACHINE.fullmatch(shown):
        return False
    return bool(_SENTENCE.search(shown) or _WORD.fullmatch(shown))


def in_python(path: Path) -> Iterator[str]:
    """Texts of a module that look like words for people and are not marked."""
    tree = ast.parse(path.read_text())
    skipped = {id(node) for node in _documentation(tree)}
    yield from _texts(tree, skipped)


def _documentation(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        raised = node.exc if isinstance(node, ast.Raise) else None
        if isinstance(raised, ast.Call) and getattr(raised.func, "id", "") != "ValidationError":
            yield raised
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            yield node.annotation
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            yield node.returns
        if isinstance(node, ast.Assert) and node.msg is not None:
            yield node.msg
        yield from _looked_up(node)


def _looked_up(node: ast.AST) -> Iterator[ast.AST]:
    """Names that things are found or compared by."""
    if isinstance(node, ast.Subscript):
        yield node.slice
    if isinstance(node, ast.Dict):
        yield from (key for key in node.keys if key is not None)
    if isinstance(node, ast.Compare):
        yield from (one for one in (node.left, *node.comparators) if isinstance(one, ast.Constant))
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
        yield node.value


def _texts(node: ast.AST, skipped: set[int]) -> Iterator[str]:
    if id(node) in skipped:
        return
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in GETTEXT | UNREAD_CALLS:
            return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_read(node.value):
        yield f"line {node.lineno}: {node.value!r}"
    if isinstance(node, ast.JoinedStr):
        shown = "".join(
            part.value if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
        if is_read(shown) or any(
            isinstance(part, ast.Constant)
            and re.search(r"[^\W\d_]{3,}\s|\s[^\W\d_]{3,}", part.value)
            for part in node.values
        ):
            yield f"line {node.lineno}: {shown!r}"
        return
    for child in ast.iter_child_nodes(node):
        yield from _texts(child, skipped)


class _Page(HTMLParser):
    """Collects what is read of a page: text, and the attributes that are spoken or shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD_ELEMENTS:
            self._inside.append(tag)
        given = dict(attrs)
        if tag == "meta" and given.get("name") != "description":
            return
        for name in _READ_ATTRIBUTES:
            self.handle_data(given.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        for piece in data.split(_GAP):
            shown = " ".join(piece.split())
            if not self._inside and _LETTER.search(shown) and shown.strip(" ·") not in NAMES:
                self.read.append(shown)


_MARKED = re.compile(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", re.DOTALL)
#: Stands for a statement or an expression that is left out.
_GAP = "\x1f"
_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def in_template(path: Path) -> Iterator[str]:
    """Texts of a template that are not marked."""
    source = path.read_text()
    bare = _CODE.sub(_GAP, _MARKED.sub("", re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)))
    if path.suffix == ".html":
        page = _Page()
        page.feed(bare)
        page.close()
        yield from page.read
    else:
        yield from (line.strip() for line in bare.splitlines() if _LETTER.search(line))
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    yield from _constants(environment.parse(source))


def _constants(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Call):
        called = node.node
        if isinstance(called, nodes.Name) and called.name in GETTEXT | {"url_for"}:
            return
    if isinstance(node, nodes.Compare | nodes.Include | nodes.Extends | nodes.FromImport):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and is_read(node.value):
        yield f"line {node.lineno}: {node.value!r}"
    for child in node.iter_child_nodes():
        yield from _constants(child)


def unmarked(path: Path) -> list[str]:
    """What of a file is not marked."""
    found = in_python(path) if path.suffix == ".py" else in_template(path)
    return list(found)


def files(*below: Path) -> list[Path]:
    """Files of the package with words for people."""
    found = []
    for folder in below or (PACKAGE,):
        every = [folder] if folder.is_file() else sorted(folder.rglob("*"))
        found += [p for p in every if p.suffix in (".py", ".html", ".txt") and p.is_file()]
    return [path for path in found if _is_read_by_people(path.resolve())]


def _is_read_by_people(path: Path) -> bool:
    if path.suffix == ".txt" and TEMPLATES not in path.parents:
        return False  # a list for the code
    return not path.relative_to(PACKAGE).as_posix().startswith(UNREAD)


def main() -> None:
    """List what is not marked."""
    total = 0
    for path in files(*(Path(one).resolve() for one in sys.argv[1:])):
        found = unmarked(path)
        total += len(found)
        for one in found:
            sys.stdout.write(f"{path.resolve().relative_to(PACKAGE)}: {one}\n")
    sys.stdout.write(f"{total} texts\n")


if __name__ == "__main__":
    main()
