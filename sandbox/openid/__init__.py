"""A provider of OpenID Connect, which people sign in to BookMe with."""
