"""Opening: new, again, older, newer, wrong."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from tests.builders.letters import OFFER, answer, letter, past, received

from seriema.edge.memory import Memory
from seriema.edge.memory.migrations import upgrade
from seriema.edge.memory.schema import METADATA, REVISION
from seriema.model.errors import ConfigurationError


def shape(path):
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return {(kind, name, table, "".join((sql or "").split()).replace('"', "")) for kind, name, table, sql in rows}


def test_the_migrations_lead_to_the_same_tables_as_making_them_new(url, tmp_path):
    Memory.open(url).close()
    engine = create_engine(f"sqlite:///{tmp_path}/migrated.db")
    with engine.connect() as connection:
        upgrade(connection, "")
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert MigrationContext.configure(connection).get_current_revision() == REVISION
        connection.commit()
    engine.dispose()
    ours = {row for row in shape(tmp_path / "memory.db") if row[2] != "alembic_version"}
    assert {row[:3] for row in ours} == {
        row[:3] for row in shape(tmp_path / "migrated.db") if row[2] != "alembic_version"
    }


def test_a_migrated_database_serves(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/migrated.db")
    with engine.connect() as connection:
        upgrade(connection, "")
        connection.commit()
    engine.dispose()
    (tmp_path / "migrated.db.key").write_text("ab" * 32)
    memory = Memory.open(f"sqlite:///{tmp_path}/migrated.db")
    received(memory, letter(OFFER))
    assert memory.facts().mails == 1
    memory.close()


def test_a_database_of_the_first_version_is_brought_up_to_date_and_forgets_nothing(url, tmp_path):
    memory = Memory.open(url)
    received(memory, letter(OFFER))
    memory.close()
    _made_as_in_the_first_version(tmp_path / "memory.db")
    memory = Memory.open(url)
    thread = received(memory, answer(letter(OFFER)))
    memory.condemn(letter(OFFER).sha256[:32])  # found by the new column
    memory.flush()
    assert thread.messages == 1
    assert memory.facts().mails == 2
    assert past(memory, letter("later", days=9)).sender.condemned == 1
    memory.close()


def _made_as_in_the_first_version(path):
    """Take out what later versions added: a column, a table, the later fields of a document."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, document in connection.execute("SELECT number, document FROM mail").fetchall():
            first = msgspec.msgpack.encode(msgspec.msgpack.decode(document)[:17])
            connection.execute("UPDATE mail SET document = ? WHERE number = ?", (first, number))
        connection.execute("DROP INDEX mail_case")
        connection.execute('ALTER TABLE mail DROP COLUMN "case"')
        connection.execute("DROP TABLE note")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")


def test_a_database_of_a_newer_version_is_refused_and_left_alone(url, tmp_path):
    Memory.open(url).close()
    with sqlite3.connect(tmp_path / "memory.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(ConfigurationError, match="newer version"):
        Memory.open(url)


def test_facts_for_people(url):
    memory = Memory.open(url)
    facts = memory.facts()
    memory.close()
    assert (facts.mails, facts.since, facts.revision) == (0, None, REVISION)
    assert facts.size > 0
    assert facts.place == url


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("memory.db", "no address"),
        ("", "no address"),
        ("mysql://x/y", "only sqlite and postgresql"),
        ("sqlite:////no/such/folder/memory.db", "no folder"),
        ("postgresql://u:secret@localhost/x", "key file"),
    ],
)
def test_a_wrong_address_is_one_clear_line(address, words):
    with pytest.raises(ConfigurationError, match=words) as told:
        Memory.open(address)
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_folder_in_the_place_of_the_file_is_one_clear_line(tmp_path):
    (tmp_path / "memory.db").mkdir()
    with pytest.raises(ConfigurationError, match=r"memory\.db"):
        Memory.open(f"sqlite:///{tmp_path}/memory.db")


def test_opening_a_new_memory_does_not_load_the_migrations(url):
    code = f"""
import sys
from seriema.edge.memory import Memory
Memory.open({url!r}).close()
print("alembic" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
