"""What Jinja calls is called as Jinja would call it."""

import inspect
from typing import Any

from flask import Flask, render_template_string
from jinja2 import pass_context, pass_environment


@pass_context
def of_context(context: Any, word: str) -> str:
    return f"{word} {context['who']}"


@pass_environment
def of_environment(environment: Any, word: str) -> str:
    return f"{word} {environment.loader is not None}"


class Called:
    @pass_context
    def __call__(self, context: Any) -> str:
        return f"called with {context['who']}"


def shown(app: Flask, text: str) -> str:
    with app.test_request_context("/"):
        return render_template_string(
            text,
            who="Ana",
            of_context=of_context,
            of_environment=of_environment,
            called=Called(),
            plain=lambda *words, **named: f"{words} {sorted(named)}",
        )


def test_whoever_wants_the_context_gets_it(app: Flask) -> None:
    said = shown(app, "{{ of_context('for') }}, {{ of_environment('has') }}, {{ called() }}")
    assert said == "for Ana, has True, called with Ana"


def test_a_function_gets_its_own_arguments_alone(app: Flask) -> None:
    text = "{% for one in (1, 2) %}{% set two = one %}{{ plain(two, three=3) | safe }};{% endfor %}"
    assert shown(app, text) == "(1,) ['three'];(2,) ['three'];"


def test_a_macro_escapes_as_its_page_does(app: Flask) -> None:
    text = "{% macro tag(x) %}<b>{{ x }}</b>{% endmacro %}{{ tag('<') }}"
    assert shown(app, text) == "<b>&lt;</b>"


def test_imported_macros_know_the_globals_and_not_the_page(app: Flask) -> None:
    text = (
        "{% from 'macros/parts.html' import badge %}{% set kind = 'page' %}{{ badge('good', who) }}"
    )
    for _ in range(2):
        assert shown(app, text) == '<span class="badge good">Ana</span>'


def test_no_view_or_hook_is_a_coroutine(app: Flask) -> None:
    views = [*app.view_functions.values()]
    for hooks in (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs):
        views += [one for several in hooks.values() for one in several]
    assert not [one for one in views if inspect.iscoroutinefunction(one)]
