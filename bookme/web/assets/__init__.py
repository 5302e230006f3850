"""What browsers load, made small: static files under names with a hash of what they hold, pages on
their way out.
"""

from flask import Flask

from bookme.web.assets import answers, serving


def init_app(app: Flask) -> None:
    """Bind the parts of this package to an application, before any other hook on answers: what is
    made small is what all others have finished.
    """
    serving.init_app(app)
    answers.init_app(app)
