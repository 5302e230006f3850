"""Jinja as Flask has it, but for what it finds out again for every call on a page."""

from collections.abc import Callable, MutableMapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.utils import _PassArg

#: What a page calls, and is no object that might want to be told of the context.
_PLAIN = (FunctionType, MethodType, BuiltinFunctionType)


class PlainContext(Context):
    """Calls of functions go straight to them; Jinja first asks each whether it isn't some object
    that wants to be told of the context.
    """

    # By position, as a macro may have an argument of any name.
    def call(self, what: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """What a function or a macro gives."""
        if isinstance(what, _PLAIN):
            how = getattr(what, "jinja_pass_arg", None)
        else:
            how = _PassArg.eval_context if isinstance(what, Macro) else _PassArg.context
        if how is _PassArg.context or how is _PassArg.environment:
            return super().call(what, *args, **named)
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return what(*args, **named) if how is None else what(self.eval_ctx, *args, **named)


class PlainTemplate(Template):
    """Macros that are imported without a context read the application's globals alone. Jinja looks
    each time whether the page has more, for which it would make them anew.
    """

    def _get_default_module(self, _of_page: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Environment(FlaskEnvironment):
    """The environment of all pages and mails."""

    context_class = PlainContext
    template_class = PlainTemplate

    def __init__(self, *how: Any, **named: Any) -> None:
        super().__init__(*how, **named)
        self._known: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """As Jinja does. One that is known is found by its name at once, unless it may have changed
        on the disk.
        """
        known = self._known.get(name) if isinstance(name, str) and globals is None else None
        if known is not None and not self.auto_reload:
            return known
        found = super().get_template(name, parent, globals)
        if isinstance(name, str) and globals is None:
            self._known[name] = found
        return found

    def make_globals(self, more: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template: none of ours has any of its own, so they are copied for a page
        as the dictionary that they are.
        """
        return super().make_globals(more) if more else self.globals
