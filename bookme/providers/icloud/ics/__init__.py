"""Reading iCalendar files (RFC 5545) as programs really write them.

What is understood of an entry takes time, and what is not is told: no entry is lost in silence, and
no other is lost over it.
"""

from bookme.providers.icloud.ics.reading import Reading, main_entry

__all__ = ["Reading", "main_entry"]
