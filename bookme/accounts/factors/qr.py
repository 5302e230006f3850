"""QR codes, drawn here: whoever draws one reads the secret in it."""

import segno
from markupsafe import Markup


def svg(text: str) -> Markup:
    """The code as an element for a page. It has no style in it, which pages don't allow, and
    stays dark on white, since many apps read nothing else.
    """
    code = segno.make_qr(text, error="m")
    return Markup(
        code.svg_inline(scale=5, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    )
