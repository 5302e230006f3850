"""E-mail addresses in the one form in which BookMe keeps and compares them."""

from email_validator import EmailNotValidError, validate_email


def folded(text: str) -> str:
    """The address in small letters, an international domain in its ASCII form.

    Nothing is asked of the network. Addresses inside a private network (``mara@office``) are
    accepted; letters outside ASCII before the @ are not, since not every server can carry them.

    :raises ValueError: if it is not an e-mail address.
    """
    try:
        address = validate_email(
            text.strip(),
            allow_smtputf8=False,
            check_deliverability=False,
            globally_deliverable=False,
        )
    except EmailNotValidError as error:
        raise ValueError("not an e-mail address") from error
    return str(address.ascii_email).lower()
