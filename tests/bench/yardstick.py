"""Bare Flask routes, which BookMe's pages and its booking are compared with."""

import os
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, redirect, request
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from bookme import database

app = Flask(__name__)
_LETTERS = "<!doctype html><title>Hello</title><p>Hello" + "o" * 2**18


class Base(DeclarativeBase):
    pass


class Booking(Base):
    """One row, mapped as BookMe's are."""

    __tablename__ = "booking"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    starts_at: Mapped[datetime]


_engine = sa.create_engine(f"sqlite:///{Path(os.environ['STATE_DIR']) / 'yardstick.sqlite'}")
database.prepare(_engine)  # commits wait for the disk as BookMe's do
Base.metadata.create_all(_engine)
_engine.dispose()


@app.get("/")
def hello() -> str:
    """A page of as many bytes as ``?size=`` says."""
    return _LETTERS[: int(request.args.get("size", 43))]


@app.post("/insert")
def insert() -> Response:
    """One row from a form, committed."""
    form = request.form
    starts_at = datetime.fromisoformat(form["starts_at"])
    with Session(_engine) as session:
        session.add(Booking(name=form["name"], email=form["email"], starts_at=starts_at))
        session.commit()
    return redirect("/", 303)
