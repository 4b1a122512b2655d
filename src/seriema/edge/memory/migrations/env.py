"""What Alembic runs for each upgrade: on the connection it is given, inside the write that has begun there."""

from alembic import context

from seriema.edge.memory.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,
)
context.run_migrations()
