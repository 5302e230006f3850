"""A message's HTML, made fit for a page whose policy allows no inline style."""

from html import escape
from html.parser import HTMLParser

_UNWANTED = ("script", "base", "meta", "link", "iframe", "object", "embed", "form")
_VOID = ("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")


def restyled(html: str, nonce: str) -> str:
    """The same HTML with its ``style`` attributes gathered in one style sheet that carries the
    nonce, links that leave the frame, and no scripts.

    The policy of its page does the guarding; this only keeps mails looking as they do elsewhere.
    """
    writer = _Writer(nonce)
    writer.feed(html)
    writer.close()
    return writer.page()


class _Writer(HTMLParser):
    def __init__(self, nonce: str) -> None:
        super().__init__(convert_charrefs=False)
        self._nonce = escape(nonce)
        self._out: list[str] = []
        self._rules: list[str] = []
        self._skipping = ""

    def page(self) -> str:
        rules = "\n".join(self._rules).replace("<", "")
        return f'{"".join(self._out)}<style nonce="{self._nonce}">{rules}</style>'

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping:
            return
        if tag in _UNWANTED:
            self._skipping = "" if tag in _VOID or tag == "base" else tag
            return
        kept = {name: value or "" for name, value in attrs if not name.startswith("on")}
        style = kept.pop("style", "")
        if style:
            kept["data-style"] = str(len(self._rules))
            rule = style.replace("}", "").replace("{", "")
            # Thrice, so that it outweighs the rules of the message's own style sheet.
            where = f'[data-style="{len(self._rules)}"]' * 3
            self._rules.append(f"{where} {{ {rule} }}")
        if tag == "a":
            kept["target"] = "_top"
        if tag == "style":
            kept["nonce"] = self._nonce
        written = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
        self._out.append(f"<{tag}{written}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipping:
            self._skipping = ""
        elif not self._skipping and tag not in _UNWANTED:
            self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._write(f"<!{decl}>")

    def _write(self, text: str) -> None:
        if not self._skipping:
            self._out.append(text)
