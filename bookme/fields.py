"""Form fields that several features need."""

from datetime import UTC, datetime
from typing import Any

from wtforms import Field
from wtforms.widgets import HiddenInput


class InstantField(Field):
    """An aware date-time in UTC, carried by the form as ISO 8601: ``2026-03-30T07:00:00Z``."""

    widget = HiddenInput()

    def _value(self) -> str:
        return f"{self.data:%Y-%m-%dT%H:%M:%SZ}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist or not valuelist[0]:
            return
        try:
            self.data = instant_in(valuelist[0])
        except ValueError:
            raise ValueError("That is not a time.") from None


def instant_in(text: str) -> datetime:
    """The instant that an address or a form names, in UTC.

    :raises ValueError: if it names none, or one so far away that some zone has no date for it.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not 1970 <= at.year < 2200:
        raise ValueError(text)
    return at.astimezone(UTC)
