"""A PostgreSQL server of the tests' own: Debian's programs, a folder of its own, a socket in it and no network."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

#: Where Debian lays the server's programs, by version.
PROGRAMS = Path("/usr/lib/postgresql")
#: The server refuses to run as root; this user comes with the package.
USER = "postgres"
#: Nothing here need survive a crash of the machine.
HASTY = "-F -c listen_addresses='' -c synchronous_commit=off -c full_page_writes=off"


@contextmanager
def server() -> Iterator[str]:
    """A running server; the address of its databases without their name. It ends with the block."""
    programs = max(PROGRAMS.glob("*/bin"), key=lambda one: int(one.parent.name))
    user = USER if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="seriema-pg-", dir="/tmp"))  # a socket's path must be short
    try:
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        run = partial(subprocess.run, check=True, capture_output=True, cwd=folder, user=user)
        data = folder / "data"
        run([programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8"])
        control = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        run([*control, "-o", f"{HASTY} -k {folder}", "start"])
        try:
            yield f"postgresql://{USER}@/{{name}}?host={folder}"
        finally:
            run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str, name: str) -> str:
    """The address of a new, empty database."""
    import psycopg  # noqa: PLC0415 - only where there is a server

    with psycopg.connect(address.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]  # a name of ours
    return address.format(name=name)
