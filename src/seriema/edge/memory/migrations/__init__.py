"""Older schemas → the present one, by Alembic: one file in ``versions`` for each step."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from seriema.model.errors import ConfigurationError


def upgrade(connection: Connection, revision: str) -> None:
    """Run the steps after ``revision`` ("" for all). Raises ConfigurationError for one that is not among them."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    if revision:
        try:
            ScriptDirectory.from_config(config).get_revision(revision)
        except CommandError:
            raise ConfigurationError(f"memory schema {revision!r} was written by a newer version of Seriema") from None
    command.upgrade(config, "head")
