"""Which BookMe this is; CHANGELOG.md says what is in it."""

VERSION = "1.0.0"
