"""What the sections of the editor have in common."""

from typing import Any, ClassVar

from bookme.hours.rows import Rows
from bookme.models import Schedule
from bookme.web.fields import Form


class Section(Form):
    """Some fields of a schedule that belong together: a part of the page, and of the form.

    :cvar GROWS: what a button says that adds a row, and the list of rows that it adds one to.
    """

    GROWS: ClassVar[dict[str, str]] = {}

    def values(self) -> dict[str, Any]:
        """What the section says of a schedule, by attribute, once the form is valid."""
        raise NotImplementedError

    @classmethod
    def typed(cls, schedule: Schedule) -> dict[str, Any]:
        """The fields of a schedule as they would be typed, as far as they are no columns."""
        return {}

    def check(self) -> bool:
        """Check what no single field can see, and put what is wrong beside the fields at fault."""
        return True

    @classmethod
    def add_row(cls, form: Form, what: str) -> None:
        """One more empty row in a form, as the button that was pressed says."""
        rows: Rows = form[cls.GROWS[what]]
        rows.add()
