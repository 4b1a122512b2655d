"""``seriema serve`` as a process: it answers, ends without loss, reads its settings anew, and survives being killed."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from tests.builders import milters
from tests.builders.milters import Server
from tests.service.test_gateway import locked, lure, mail

from seriema.cli.main import main
from seriema.edge.quarantine import Quarantine


def settings(tmp_path, mode="act", more="") -> str:
    path = tmp_path / "seriema.toml"
    path.write_text(
        f'[memory]\nurl = "sqlite:///{tmp_path}/memory.db"\n'
        f'[quarantine]\nfolder = "{tmp_path}/held"\nkey = "{tmp_path}/key"\n'
        f'[service]\nmilter = "unix:{tmp_path}/milter.sock"\nmode = "{mode}"\n{more}'
    )
    return str(path)


@contextlib.contextmanager
def serving(tmp_path, **more):
    command = [sys.executable, "-m", "seriema", "serve", "--config", settings(tmp_path, **more)]
    command[1:3] = ["-c", "from seriema.cli.main import run; run()"]
    with (tmp_path / "log").open("ab") as log:
        process = subprocess.Popen(command, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


async def connected(tmp_path) -> Server:
    """Over a socket that a process may only be about to open."""
    for _ in range(300):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            return await Server.connected(tmp_path / "milter.sock")
        await asyncio.sleep(0.05)
    raise TimeoutError((tmp_path / "log").read_text()[-2_000:])


async def sent(tmp_path, raw: bytes) -> str:
    server = await connected(tmp_path)
    server.say(milters.connect(), milters.mail(raw))
    return (await server.decided())[-1][0]


def run(told):
    async def main():
        try:
            return await told()
        finally:
            await Server.hang_up()

    return asyncio.run(main())


def log(tmp_path) -> list[dict]:
    return [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]


def test_it_judges_says_what_it_did_without_mail_text_and_ends_well(tmp_path):
    with serving(tmp_path) as process:

        async def told():
            return [await sent(tmp_path, raw) for raw in (mail(), lure(), locked())]

        assert run(told) == ["a", "d", "d"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    lines = log(tmp_path)
    assert [one["event.action"] for one in lines if one["message"] == "judged"] == ["deliver", "hold", "ask"]
    assert "noon" not in json.dumps(lines)
    assert "Lunch" not in json.dumps(lines)
    assert main(["held", "verify", "--config", str(tmp_path / "seriema.toml")]) == 0


def test_settings_are_read_anew_or_stay_as_they_were(tmp_path):
    with serving(tmp_path, mode="shadow") as process:

        async def told():
            first = await sent(tmp_path, lure())
            settings(tmp_path, mode="act")
            process.send_signal(signal.SIGHUP)
            for _ in range(100):
                await asyncio.sleep(0.05)
                if "read anew" in (tmp_path / "log").read_text():
                    break
            second = await sent(tmp_path, lure())
            settings(tmp_path, mode="nonsense")
            process.send_signal(signal.SIGHUP)
            await asyncio.sleep(0.5)
            return first, second, await sent(tmp_path, lure())

        assert run(told) == ("a", "d", "d")
    assert any("stay as they were" in one["message"] for one in log(tmp_path))


def test_health_and_metrics(tmp_path):
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(tmp_path, more=f'http = "127.0.0.1:{port}"\n'):
        run(lambda: sent(tmp_path, locked()))

        def page(path):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.read().decode()

        assert page("/health") == "ok\n"
        metrics = page("/metrics")
    assert 'seriema_mails_total{tier="ask"} 1' in metrics
    assert 'seriema_uninspected_total{reason="locked"} 1' in metrics
    assert 'seriema_quarantine_recipients{state="held"} 1' in metrics
    assert 'seriema_judging_seconds_bucket{le="+Inf"} 1' in metrics


def test_killed_at_any_moment_it_has_kept_or_not_answered_each_mail(tmp_path):
    """A sender that tries again until it is answered, and a server that is killed four times meanwhile."""
    raws = [locked(f"Number {number}") for number in range(24)]

    async def told():
        answers, kills = {}, 0
        process = None
        waiting = list(raws)
        while waiting:
            if process is None:
                environment = {**os.environ}
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-c", "from seriema.cli.main import run; run()"),
                    *("serve", "--config", settings(tmp_path)),
                    stderr=subprocess.DEVNULL,
                    env=environment,
                )
            raw = waiting[0]
            sending = asyncio.ensure_future(sent(tmp_path, raw))
            if kills < 4 and len(waiting) % 5 == 0 and len(answers) >= kills * 5:
                await asyncio.sleep(0.01 + 0.013 * kills)
                process.kill()
                await process.wait()
                process, kills = None, kills + 1
                sending.cancel()
                with contextlib.suppress(asyncio.CancelledError, asyncio.IncompleteReadError, OSError, TimeoutError):
                    answers[raw] = await sending
                    waiting.pop(0)
                continue
            answers[raw] = await sending
            waiting.pop(0)
        process.terminate()
        await process.wait()
        return answers, kills

    answers, kills = run(told)
    assert kills == 4
    assert set(answers.values()) == {"d"}
    quarantine = Quarantine.open(tmp_path / "held", tmp_path / "key")
    assert quarantine.verify(repair=True).unreadable == {}
    held = {quarantine.mail(entry).raw for entry in quarantine.entries()}
    assert held == set(raws)
    quarantine.close()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "[service] milter"),
        ('[service]\nmilter = "unix:/x/y"\n', "[memory] url"),
        ('[memory]\nurl = "sqlite:///x.db"\n[service]\nmilter = "unix:/x/y"\nmode = "act"\n', "needs a quarantine"),
        ('[service]\nmode = "on"\n', "mode"),
        ("[service]\nconnections = 0\n", "above 0"),
    ],
)
def test_settings_that_do_not_suffice_are_said_in_a_line(tmp_path, capsys, text, word):
    (tmp_path / "seriema.toml").write_text(text)
    assert main(["serve", "--config", str(tmp_path / "seriema.toml")]) == 2
    assert word in capsys.readouterr().err
