"""What the doctor says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: on the command line in English, on the operator's page in their
    language.

    :ivar what: its name, the same in every language.
    :ivar good: whether it works.
    :ivar words: what was found.
    :ivar to_do: what helps, if it is not good.
    """

    what: str
    good: bool
    words: str
    to_do: str = ""

    def __str__(self) -> str:
        return f"{self.words.removesuffix('.')}. {self.to_do}" if self.to_do else self.words
