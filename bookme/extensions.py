"""The extensions, made here without an application and bound to one by the factory."""

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
login = LoginManager()
htmx = Htmx()
babel = Babel()
limiter = Limiter(key_func=get_remote_address, swallow_errors=True)

if TYPE_CHECKING:
    Model = Base  # made at run time by Flask-SQLAlchemy, where no type checker can follow
else:
    Model = db.Model
