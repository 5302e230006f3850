"""E-mail addresses in the one form in which BookMe keeps and compares them."""

from email_validator import EmailNotValidError, validate_email

from bookme.characters import seen


def folded(text: str, *, public: bool = False) -> str:
    """The address in small letters, an international domain in its ASCII form, without the marks
    that come along unseen when one is copied.

    Nothing is asked of the network. Addresses inside a private network (``mara@office``) are
    accepted; letters outside ASCII before the @ are not, since not every server can carry them.

    :param public: only addresses that anybody on the internet can write to.
    :raises ValueError: if it is not an e-mail address.
    """
    try:
        address = validate_email(
            seen(text).strip(),
            allow_smtputf8=False,
            check_deliverability=False,
            globally_deliverable=public,
        )
    except EmailNotValidError as error:
        raise ValueError("not an e-mail address") from error
    return str(address.ascii_email).lower()


#: Whose addresses are the same with and without dots before the @.
_DOTS_DO_NOT_COUNT = {"gmail.com", "googlemail.com"}


def counted(folded_address: str) -> str:
    """The mailbox that an address leads to, for counting what reaches it; never to write to.

    ``mara+shop@…`` is ``mara@…`` at most providers, so what follows a plus sign doesn't count. Dots
    count, save at Gmail, and Gmail has two domains. An address that is none counts as it is typed.
    """
    local, _, domain = folded_address.strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTS_DO_NOT_COUNT:
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"
