"""The folded parts of the editor: what each says of itself, and whether it is open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wtforms import Field

from bookme.schedules import fold_words
from bookme.schedules.forms import ScheduleForm


@dataclass(frozen=True, slots=True)
class Fold:
    """One part.

    :ivar says: what is in it now, in words; nothing where something is wrong.
    :ivar is_wrong: whether something in it has to be mended.
    :ivar is_open: whether it is to be seen: it is wrong, or was changed and isn't saved.
    """

    says: str
    is_wrong: bool
    is_open: bool


def of(form: ScheduleForm, stored: dict[str, Any]) -> dict[str, Fold]:
    """All of them, by name.

    :param stored: what the form would show without what was typed.
    """
    return {name: _fold(form, fields, say, stored) for name, (fields, say) in _FOLDS.items()}


def _fold(
    form: ScheduleForm,
    names: tuple[str, ...],
    say: Callable[[Any], str],
    stored: dict[str, Any],
) -> Fold:
    is_wrong = any(form[name].errors for name in names)
    is_changed = any(_is_changed(form[name], stored.get(name)) for name in names)
    return Fold("" if is_wrong else say(form), is_wrong, is_wrong or is_changed)


def _is_changed(field: Field, stored: Any) -> bool:
    """Whether it isn't as it is stored; nothing typed is the same as nothing stored."""
    return bool((field.data or None) != (stored or None))


#: The fields of each, and what it says.
_FOLDS: dict[str, tuple[tuple[str, ...], Callable[[Any], str]]] = {
    "description": (("slug", "description"), fold_words.description),
    "hours": (("use_hours", "zone", "windows", "open", "overrides"), fold_words.hours),
    "limits": (
        (
            *("step_minutes", "buffer_before_minutes", "buffer_after_minutes"),
            *("notice", "notice_unit", "horizon", "horizon_days", "dates_from", "dates_until"),
            *("max_per_day", "max_per_week", "max_per_booker"),
        ),
        fold_words.limits,
    ),
    "access": (("visibility", "language"), fold_words.access),
    "confirmation": (
        ("needs_approval", "answer", "answer_unit", "confirms_email"),
        fold_words.confirmation,
    ),
    "changes": (
        (
            *("reschedule_notice", "reschedule_notice_unit"),
            *("cancel_notice", "cancel_notice_unit"),
        ),
        fold_words.changes,
    ),
    "questions": (("questions",), fold_words.questions),
    "guests": (("max_guests",), fold_words.guests),
    "messages": (("messages",), fold_words.messages),
    "after": (("after_words", "redirect_url", "redirect_passes"), fold_words.after),
}
