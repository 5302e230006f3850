"""A question as a host wants it asked."""

from dataclasses import dataclass

from bookme.models import QuestionKind


@dataclass(frozen=True, slots=True)
class Asked:
    """One question.

    :ivar name: of the question it was; one that the schedule has no question of is a new one's.
    """

    kind: QuestionKind
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    name: str = ""
