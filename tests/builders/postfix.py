"""A Postfix of its own for a test: own configuration, queue and ports on loopback, all mail in one Maildir."""

import contextlib
import grp
import os
import pwd
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: What delivery writes above a mail, each field once.
_ABOVE = re.compile(rb"\AReturn-Path:.*\n(?:X-Original-To:.*\n)?Delivered-To:.*\nReceived:.*\n(?:[ \t].*\n)*")

USABLE = os.geteuid() == 0 and shutil.which("postfix") is not None

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = /dev/stdout
myhostname = mx.us.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
local_header_rewrite_clients =
virtual_mailbox_domains = regexp:{folder}/all
virtual_mailbox_maps = regexp:{folder}/all
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_mailbox_limit = 0
message_size_limit = 60000000
smtpd_client_connection_count_limit = 0
disable_dns_lookups = yes
milter_default_action = tempfail
milter_protocol = 6
smtpd_milters = {milter}
queue_minfree = 0
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{back} inet n - n - - smtpd -o smtpd_milters={released}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n - 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """A running one. ``port`` takes mail, ``back`` takes released mail back."""

    def __init__(self, folder: Path, port: int, back: int) -> None:
        self.folder, self.port, self.back = folder, port, back

    def send(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """One mail by SMTP, lines ending in CRLF; raises what smtplib raises."""
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="partner.example", timeout=60) as client:
            client.sendmail(sender, recipients, raw, ["BODY=8BITMIME"])

    def delivered(self) -> list[bytes]:
        """What lies in the mailbox: each mail as it was sent, below what the server wrote above it."""
        return [path.read_bytes() for path in sorted((self.folder / "mail" / "all" / "new").glob("*"))]

    def empty(self) -> None:
        """Clear the mailbox."""
        for path in (self.folder / "mail" / "all" / "new").glob("*"):
            path.unlink()

    def queued(self) -> int:
        """Mails that the server still has."""
        return sum(
            1
            for name in ("incoming", "active", "deferred")
            for path in (self.folder / "queue" / name).rglob("*")
            if path.is_file()
        )

    def settled(self, seconds: float = 20) -> None:
        """Wait until the queue is empty."""
        end = time.monotonic() + seconds
        while self.queued() and time.monotonic() < end:
            time.sleep(0.05)
        assert not self.queued(), self.log()[-3_000:]

    def log(self) -> str:
        """What it said."""
        return (self.folder / "log").read_text("utf-8", "replace")


@contextmanager
def site() -> Iterator[Path]:
    """A folder that Postfix's own users can reach."""
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(folder: Path, milter: str, released: str = "") -> Iterator[Postfix]:
    """Postfix with milters (``unix:PATH``) on its two listeners."""
    owner, port, back = pwd.getpwnam("nobody"), _free(), _free()
    for name in ("queue", "data", "mail", "config"):
        (folder / name).mkdir()
    for name in ("queue/pid",):
        (folder / name).mkdir()
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    (folder / "all").write_text("/./ all/\n")
    values = {"folder": folder, "uid": owner.pw_uid, "gid": owner.pw_gid, "port": port, "back": back}
    values |= {"milter": milter, "released": released}
    (folder / "config" / "main.cf").write_text(_MAIN.format(**values))
    (folder / "config" / "master.cf").write_text(_MASTER.format(**values))
    postfix = Postfix(folder, port, back)
    with (folder / "log").open("wb") as log:
        command = ["postfix", "-c", str(folder / "config"), "start-fg"]
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(port, postfix)
            yield postfix
        finally:
            subprocess.run(
                ["postfix", "-c", str(folder / "config"), "stop"], capture_output=True, check=False, timeout=30
            )
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def may_use(path: Path) -> None:
    """Let Postfix's processes talk over a socket, as an administrator does by a group."""
    os.chown(path, -1, grp.getgrnam("postfix").gr_gid)


def as_sent(stored: bytes) -> bytes:
    """Without the fields that the server wrote above a mail."""
    return _ABOVE.sub(b"", stored, count=1)


def _free() -> int:
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait_for(port: int, postfix: Postfix) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as one:
            one.settimeout(20)
            if one.recv(100).startswith(b"220"):
                one.sendall(b"QUIT\r\n")
                return
        time.sleep(0.1)
    raise RuntimeError(postfix.log()[-3_000:])
