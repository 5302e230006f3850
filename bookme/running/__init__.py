"""One command that runs everything: ``make run`` and ``make demo``."""
