"""Killed at any moment (SIGKILL), the quarantine has all that it said it has."""

import hashlib
import random
import signal
import subprocess
import sys
import time

from seriema.edge.quarantine import Quarantine

#: Takes mails in and says the digest of each once it is safe; every fifth is deleted again, every seventh key is new.
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from seriema.edge.quarantine import Held, Quarantine
folder, first = Path(sys.argv[1]), int(sys.argv[2])
quarantine = Quarantine.open(folder / "held", folder / "key")
print("ready", flush=True)
for number in range(first, first + 100_000):
    raw = b"Subject: %d" % number + bytes(200_000)
    entry = quarantine.hold(Held(raw, datetime.now(UTC), "a@b.example", ("bob@us.test",)))
    print("held", entry.sha256, flush=True)
    if number % 5 == 4:
        print("deleting", entry.sha256, flush=True)
        quarantine.delete(entry, ["bob@us.test"], "", "")
    if number % 7 == 6:
        quarantine.rotate()
"""


def test_what_was_taken_in_is_there_after_each_kill(tmp_path):
    safe, deleting = set(), set()
    for round_ in range(12):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(round_ * 1_000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout.readline() == "ready\n"
            time.sleep(random.Random(round_).uniform(0.02, 0.5))
            writer.send_signal(signal.SIGKILL)
            for line in writer.stdout:
                word, _, digest = line.strip().partition(" ")
                (safe if word == "held" else deleting).add(digest)
    quarantine = Quarantine.open(tmp_path / "held", tmp_path / "key")
    report = quarantine.verify(repair=True)
    assert report.unreadable == {}
    assert len(report.unregistered) <= 12
    assert quarantine.verify().clean
    kept = safe - deleting
    assert kept
    for entry in (quarantine.entry(digest) for digest in sorted(kept)):
        assert hashlib.sha256(quarantine.mail(entry).raw).hexdigest() == entry.sha256
    quarantine.close()
