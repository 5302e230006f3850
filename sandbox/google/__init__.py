"""Google: consent, tokens, and the part of Calendar's API v3 that BookMe uses."""
