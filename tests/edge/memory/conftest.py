import itertools

import pytest
from tests.builders import postgres

from seriema.edge.memory import Memory

POSTGRES = pytest.param("postgres", marks=pytest.mark.server("pg_ctlcluster", package="postgresql"))
NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL server for all tests that ask for one."""
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["private", "file", POSTGRES])
def memory(request, tmp_path):
    """A new memory: of this process only, in a file, on a server."""
    url, key = "sqlite://" if request.param == "private" else f"sqlite:///{tmp_path}/memory.db", None
    if request.param == "postgres":
        address = request.getfixturevalue("postgres_server")
        url, key = postgres.new_database(address, f"memory{next(NUMBERS)}"), tmp_path / "key"
    opened = Memory.open(url, key)
    yield opened
    opened.close()


@pytest.fixture
def url(tmp_path):
    """Where a memory may be made."""
    return f"sqlite:///{tmp_path}/memory.db"


@pytest.fixture(params=["file", POSTGRES])
def place(request, tmp_path):
    """Where several may open the same memory: its address and its key."""
    if request.param == "file":
        return f"sqlite:///{tmp_path}/memory.db", tmp_path / "memory.db.key"
    address = request.getfixturevalue("postgres_server")
    return postgres.new_database(address, f"memory{next(NUMBERS)}"), tmp_path / "key"
