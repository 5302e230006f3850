"""Microsoft: consent, tokens, and the part of Graph's calendars that BookMe uses."""
