import pytest

from seriema.edge.memory import Memory


@pytest.fixture(params=["private", "file"])
def memory(request, tmp_path):
    """A new memory, once of this process only and once in a file."""
    opened = Memory.open("sqlite://" if request.param == "private" else f"sqlite:///{tmp_path}/memory.db")
    yield opened
    opened.close()


@pytest.fixture
def url(tmp_path):
    """Where a memory may be made."""
    return f"sqlite:///{tmp_path}/memory.db"
