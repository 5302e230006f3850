"""A stand-in for Zoom, Google, Microsoft, iCloud and a mail server, stricter than the real ones.

For ``make demo`` and for tests; ``python -m sandbox`` starts it. Nothing of BookMe imports
it and it imports nothing of BookMe but the clock, so that neither can lean on the other's mistakes.
"""
