"""A bare Flask route that inserts one row and commits it, on the same settings of SQLite: what
BookMe's booking is compared with.
"""

import os
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from bookme import database

app = Flask(__name__)
engine = sa.create_engine(os.environ["BARE_DATABASE_URL"])
database.prepare(engine)
metadata = sa.MetaData()
row = sa.Table(
    "row",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(100)),
    sa.Column("email", sa.String(254)),
    sa.Column("at", sa.DateTime),
)
metadata.create_all(engine)
engine.dispose()


@app.post("/")
def insert() -> Response:
    """As little as a booking can be."""
    with engine.begin() as connection:
        values = {name: request.form[name] for name in ("name", "email")}
        connection.execute(sa.insert(row), values | {"at": datetime.now(UTC)})
    return redirect("/", 303)
