from bookme.extensions import csrf
from bookme.public import (
    correcting,
    details,
    embedded,
    erasing,
    finding,
    guests,
    manage,
    own_data,
    proof,
    reminders,
    sharing,
)
from bookme.public.routes import bp

# A booker has no session and so nothing that another site could abuse; and the forms must work
# inside other sites, where no cookie comes along. The token in the address is the authority.
csrf.exempt(bp)
bp.app_url_defaults(embedded.keep)
bp.app_context_processor(embedded.tell)

__all__ = [
    "bp",
    "correcting",
    "details",
    "embedded",
    "erasing",
    "finding",
    "guests",
    "manage",
    "own_data",
    "proof",
    "reminders",
    "sharing",
]
