"""The lines that a host pastes into a site: a link that leads to the page without any script, and
the script that shows the page in its place.
"""

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup


class Way(StrEnum):
    """How a page is shown on a site, as ``static/embed.js`` reads it."""

    INLINE = "inline"
    BUTTON = "button"
    FLOATING = "floating"


class Theme(StrEnum):
    SITE = "site"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Snippet:
    """:ivar page: the whole address of what is shown.
    :ivar script: the whole address of ``embed.js``.
    :ivar text: of the link.
    :ivar language: of the page; empty: each visitor's.
    :ivar close: the name of the button that closes the dialog.
    """

    page: str
    script: str
    text: str
    way: Way
    theme: Theme
    close: str
    language: str = ""

    @property
    def link(self) -> Markup:
        """The link alone."""
        theme = Markup(' data-theme="{}"').format(self.theme) if self.theme != Theme.SITE else ""
        close = Markup(' data-close="{}"').format(self.close) if self.way != Way.INLINE else ""
        spoken = Markup(' data-language="{}"').format(self.language) if self.language else ""
        link = Markup('<a href="{}" data-bookme="{}"{}{}{}>{}</a>')
        return link.format(self.page, self.way, theme, spoken, close, self.text)

    @property
    def code(self) -> str:
        """What is pasted, as text."""
        script = Markup('<script src="{}" async></script>').format(self.script)
        return f"{self.link}\n{script}"
