"""The address that BookMe's mail comes from, as its operator typed it."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.headerregistry import Address

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PAIR = re.compile(r"\\(.)")
_CONTROLS = re.compile("[\0-\x1f\x7f-\x9f]")
_LOCAL = re.compile(r"""[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*|"([^"\\]|\\.)+\"""")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
_LONGEST, _LONGEST_LOCAL, _LONGEST_LABEL = 254, 64, 63


def parse(typed: str) -> tuple[str, str]:
    """The name (or none) and the address, which stays as it was typed; only a domain that is not
    ASCII is written as mail servers know it.

    A name need not be quoted: in ``Ana, Bo & Co. <hello@example.com>`` all before the bracket is.

    :raises ValueError: saying what is wrong, for the operator.
    """
    if _CONTROLS.search(typed):
        raise ValueError("must be on one line")
    found = _NAMED.fullmatch(typed.strip())
    name, address = (found["name"].strip(), found["address"].strip()) if found else ("", typed)
    return _name(name), _address(address.strip())


def _name(typed: str) -> str:
    quoted = _QUOTED.fullmatch(typed)
    if quoted:
        return _PAIR.sub(r"\1", quoted[1])
    if not typed.startswith("=?"):
        return typed
    try:
        return str(make_header(decode_header(typed)))
    except (HeaderParseError, LookupError, ValueError):
        return typed


def _address(typed: str) -> str:
    local, at, domain = typed.rpartition("@")
    if not at or not local or not domain:
        raise ValueError("must be an e-mail address, such as BookMe <hello@example.com>")
    if not local.isascii():
        raise ValueError("must have only letters from a to z, digits and signs before the @")
    if not _LOCAL.fullmatch(local) or len(local) > _LONGEST_LOCAL:
        raise ValueError("must be one e-mail address, such as BookMe <hello@example.com>")
    spec = f"{local}@{_domain(domain)}"
    if len(spec) > _LONGEST:
        raise ValueError(f"must have at most {_LONGEST} characters")
    return Address(addr_spec=spec).addr_spec


def _domain(typed: str) -> str:
    if typed.startswith("["):  # a number in place of a name
        return typed
    try:
        domain = typed if typed.isascii() else typed.encode("idna").decode()
    except UnicodeError:
        domain = ""
    labels = domain.split(".")
    if not all(_LABEL.fullmatch(one) and len(one) <= _LONGEST_LABEL for one in labels):
        raise ValueError("must have a domain after the @, such as example.com")
    return domain
