"""A bare Flask route, which every figure of the whole is compared with."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """As little as a page can be."""
    return "<!doctype html><title>Hello</title><p>Hello"
