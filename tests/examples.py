"""How many examples are tried: all of them, or the share that `make check` has time for.

Of properties, Hypothesis's profile ``quick`` (tests/conftest.py) leaves a tenth. Of long lists,
`make check` takes some, spread over the list, and `make test` the others too.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import pytest
from hypothesis import settings

_ALL = 100
_SOME, _OTHERS = "some", "others"
T = TypeVar("T")

#: Marks a test that is given a ``part`` for :func:`of_part`.
IN_TWO_PARTS = pytest.mark.parametrize(
    "part", [_SOME, pytest.param(_OTHERS, marks=pytest.mark.whole)]
)


def examples(number: int) -> settings:
    """The same examples in every run: so many, or the profile's share of them."""
    share = max(number * settings.default.max_examples // _ALL, 1)
    return settings(derandomize=True, deadline=None, max_examples=share, database=None)


def of_part(part: str, every: Iterable[T], *, one_in: int) -> Iterator[T]:
    """Of a long list, one in so many, or all others."""
    for nth, one in enumerate(every):
        if (nth % one_in == 0) is (part == _SOME):
            yield one
