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
            value = datetime.fromisoformat(valuelist[0])
            if value.tzinfo is None:
                raise ValueError(valuelist[0])
            self.data = value.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError("That is not a time.") from None
