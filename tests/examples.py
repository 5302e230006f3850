"""How many examples the properties are tried with: all of them, or the share that Hypothesis's
profile ``quick`` (tests/conftest.py) leaves.
"""

from hypothesis import settings

_ALL = 100


def examples(number: int) -> settings:
    """The same examples in every run: so many, or the profile's share of them."""
    share = max(number * settings.default.max_examples // _ALL, 1)
    return settings(derandomize=True, deadline=None, max_examples=share, database=None)
