"""Where a request comes from, as far as a server can know: only that much is kept."""

import ipaddress

from flask_babel import gettext as _

#: How much of an address is kept, in bits: what a town or an organization has, not a household.
_KEPT = {4: 24, 6: 48}
_HERE, _NEAR = "loopback", "private"


def kept(address: str) -> str:
    """What is kept of a network address, in no language: ``203.0.113.0/24``, ``private``; nothing
    of what is no address.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    if parsed.is_loopback:
        return _HERE
    if parsed.is_private:
        return _NEAR
    return str(ipaddress.ip_network((parsed, _KEPT[parsed.version]), strict=False))


def words(kept: str) -> str:
    """Such as "From the internet (203.0.113.…)"; nothing if nothing is known."""
    if kept == _HERE:
        return _("From the machine that BookMe runs on")
    if kept == _NEAR:
        return _("From BookMe’s own network")
    return _("From the internet (%(address)s)", address=_begins(kept)) if kept else ""


def _begins(kept: str) -> str:
    network = ipaddress.ip_network(kept)
    parts = network.network_address.exploded.split("." if network.version == 4 else ":")
    return ".".join(parts[:3]) + ".…" if network.version == 4 else ":".join(parts[:3]) + ":…"
