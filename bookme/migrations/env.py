"""How Alembic reaches BookMe's database: through the application's own engine, one transaction a run."""

from alembic import context
from flask import current_app

import bookme.models  # noqa: F401 - all tables must be known

extension = current_app.extensions["migrate"]


def _skip_empty(_context, _revision, directives):
    """``flask db migrate`` writes no file when there is nothing to write."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run() -> None:
    with extension.db.engine.connect() as connection:
        arguments = {"process_revision_directives": _skip_empty, **extension.configure_args}
        context.configure(
            connection=connection,
            target_metadata=extension.db.metadata,
            transactional_ddl=True,  # also on SQLite: a migration that fails half-way leaves nothing
            **arguments,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
