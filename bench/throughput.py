"""Messages a second and latency of Seriema beside rspamd and SpamAssassin, on the same mails in the same run.

    python bench/throughput.py [--mails N] [--rounds N]

Each engine runs as a server of its own behind a unix socket and is driven by the same asyncio client at 1, 2 and 4
mails in parallel. Seriema goes its full path: flow.handle, jail, SQLite file, unlock, verdict, commit before the
answer. rspamd and SpamAssassin are Debian's packages with their network tests off. SpamAssassin gets fewer mails, for
it is slow; rates are per second, so they compare. Medians over the rounds. A second table says where Seriema's time
goes, one mail after the other: what the front process waits for and does, and what a worker does within that.
"""

import argparse
import asyncio
import contextlib
import functools
import inspect
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from seriema import config, dissect, examine, exercise, flow, message, thread, unlock, verdict
from seriema.cli import session
from seriema.edge.intake import Tally, discover
from seriema.edge.jail import Jail, wire
from seriema.edge.memory import Memory
from seriema.model.plan import Plan

CORPORA = Path(os.environ.get("SERIEMA_CORPORA", "../shared/corpora"))
PARALLEL = (1, 2, 4)
#: Mails given to SpamAssassin.
FEW = 120
DNS_PORT = 10_053

Ask = Callable[[Path, bytes], Awaitable[None]]


def mails(count: int) -> list[bytes]:
    """The first ``count`` easy-ham mails and the default exercise."""
    ham = list(discover([str(CORPORA / "threads-spamassassin-easyham1")], Tally()))[:count]
    made = [mail.raw for mailbox in exercise.make().mailboxes for mail in mailbox.mails]
    return [one.read(1 << 26) for one in ham] + made


async def ask_seriema(socket: Path, raw: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    writer.write(len(raw).to_bytes(4) + raw)
    await _answer(reader, writer, b'"tier"')


async def ask_rspamd(socket: Path, raw: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    head = f"POST /checkv2 HTTP/1.0\r\nContent-Length: {len(raw)}\r\n\r\n"
    writer.write(head.encode() + raw)
    await _answer(reader, writer, b'"score"')


async def ask_spamassassin(socket: Path, raw: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    writer.write(f"CHECK SPAMC/1.2\r\nContent-length: {len(raw)}\r\n\r\n".encode() + raw)
    writer.write_eof()
    await _answer(reader, writer, b"Spam:")


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, expected: bytes) -> None:
    answer = await reader.read()
    writer.close()
    if expected not in answer:
        raise RuntimeError(f"unexpected answer {answer[:200]!r}")


async def drive(socket: Path, ask: Ask, raws: Sequence[bytes], parallel: int) -> tuple[float, list[float]]:
    """Mails a second, and the latency of each in milliseconds."""
    waiting = iter(raws)
    latencies: list[float] = []

    async def client() -> None:
        for raw in waiting:
            began = time.perf_counter()
            await ask(socket, raw)
            latencies.append((time.perf_counter() - began) * 1_000)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(parallel)))
    return len(raws) / (time.perf_counter() - began), latencies


async def serve(socket: str, memory: str) -> None:
    """Seriema behind a unix socket; ends when standard input does."""
    settings = config.Settings(memory=config.MemorySettings(url=memory))
    async with session.opened(settings) as opened:

        async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            raw = await reader.readexactly(int.from_bytes(await reader.readexactly(4)))
            cases = await flow.handle(flow.Incoming("bench", raw), opened.edge, opened.rules)
            writer.write(json.dumps({"tier": cases[0].verdict.tier.value}).encode())
            await writer.drain()
            writer.close()

        server = await asyncio.start_unix_server(one, socket, limit=1 << 26)
        async with server:
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


class NoSuchName(asyncio.DatagramProtocol):
    """Answers every DNS question at once with NXDOMAIN (RFC 1035, 4.1.1), so that no engine waits for a timeout."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One question."""
        self.transport.sendto(data[:2] + b"\x81\x83" + data[4:6] + bytes(6) + data[12:], addr)


async def name_server() -> None:
    """Runs until it is killed."""
    await asyncio.get_running_loop().create_datagram_endpoint(NoSuchName, local_addr=("127.0.0.1", DNS_PORT))
    await asyncio.Event().wait()


@contextlib.asynccontextmanager
async def started(command: Sequence[str], socket: Path) -> AsyncIterator[None]:
    """A server process that answers on its socket; stopped at the end."""
    with Path(socket).with_suffix(".log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        try:
            for _ in range(600):
                if socket.exists():
                    break
                if process.returncode is not None:
                    raise RuntimeError(f"{command[0]} ended: {Path(log.name).read_text()[-2000:]}")
                await asyncio.sleep(0.1)
            await asyncio.sleep(0.5)
            yield
        finally:
            process.terminate()
            await asyncio.wait_for(process.wait(), 20)


def rspamd(folder: Path, socket: Path) -> list[str]:
    """Debian's rspamd without what asks the network or a database; its rules and regular expressions all run."""
    for name in ("override.d", "local.d"):
        (folder / name).mkdir()
    off = (
        *(
            "rbl",
            "surbl",
            "fuzzy_check",
            "asn",
            "spf",
            "dkim",
            "dmarc",
            "arc",
            "dkim_signing",
            "arc_signing",
            "mx_check",
        ),
        *(
            "url_redirector",
            "greylist",
            "ratelimit",
            "history_redis",
            "neural",
            "reputation",
            "replies",
            "known_senders",
        ),
        *(
            "bayes_expiry",
            "clickhouse",
            "dcc",
            "antivirus",
            "external_services",
            "metadata_exporter",
            "elastic",
            "bimi",
        ),
        *("aws_s3", "contextal", "p0f"),
    )
    (folder / "override.d" / "phishing.conf").write_text("phishtank_enabled = false;\n")  # asks DNS
    for name in off:
        (folder / "override.d" / f"{name}.conf").write_text("enabled = false;\n")
    main = folder / "rspamd.conf"
    main.write_text(
        f"""
.include "/etc/rspamd/common.conf"
options {{
  pidfile = "{folder}/pid"; control_socket = "{folder}/control.sock"; filters = "chartable,regexp";
  cache_file = "{folder}/symbols";
  dns {{ nameserver = ["127.0.0.1:{DNS_PORT}"]; timeout = 1s; retransmits = 1; }}
  url_tld = "/usr/share/rspamd/effective_tld_names.dat"; hs_cache_dir = "{folder}"; rrd = "";
}}
logging {{ type = "file"; filename = "{folder}/rspamd.log"; level = "error"; }}
worker "normal" {{ bind_socket = "{socket} mode=0666"; count = {os.cpu_count()}; }}
"""
    )
    return ["rspamd", "-f", "-i", "-c", str(main), "--var", f"DBDIR={folder}", "--var", f"RUNDIR={folder}",
            "--var", f"LOCAL_CONFDIR={folder}"]  # fmt: skip


def spamassassin(folder: Path, socket: Path) -> list[str]:
    """Debian's SpamAssassin, network tests off (-L), as many children as cores."""
    cores = str(os.cpu_count())
    return [
        "spamd",
        "-L",
        "-x",
        "--socketpath",
        str(socket),
        "-m",
        cores,
        "--min-children",
        cores,
        "-r",
        str(folder / "pid"),
    ]


def seriema(folder: Path, socket: Path) -> list[str]:
    memory = f"sqlite:///{folder}/memory-{time.time_ns()}.db"
    return [sys.executable, __file__, "--serve", str(socket), memory]


ENGINES: dict[str, tuple[Callable[[Path, Path], list[str]], Ask, str]] = {
    "seriema": (seriema, ask_seriema, sys.executable),
    "rspamd": (rspamd, ask_rspamd, "rspamd"),
    "spamassassin": (spamassassin, ask_spamassassin, "spamd"),
}


async def measure(name: str, raws: Sequence[bytes], parallel: int) -> tuple[float, list[float]]:
    """One round of one engine, started afresh, warmed with a few mails."""
    command, ask, _ = ENGINES[name]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        socket = Path(folder) / "s"
        async with started(command(Path(folder), socket), socket):
            warm = raws[:20]
            await drive(socket, ask, warm, parallel)
            return await drive(socket, ask, raws[20:], parallel)


async def compare(count: int, rounds: int) -> None:
    raws = mails(count)
    here = [name for name, (_, _, program) in ENGINES.items() if shutil.which(program)]
    print(f"{len(raws)} mails ({FEW} for spamassassin), {rounds} rounds, {os.cpu_count()} cores: {', '.join(here)}")
    print(f"{'engine':<14}{'parallel':>9}{'mails/s':>10}{'p50 ms':>9}{'p99 ms':>9}")
    rates: dict[tuple[str, int], float] = {}
    for parallel in PARALLEL:
        results: dict[str, list[tuple[float, list[float]]]] = {name: [] for name in here}
        for _ in range(rounds):
            for name in here:
                chosen = raws[:: max(1, len(raws) // FEW)] if name == "spamassassin" else raws
                results[name].append(await measure(name, chosen, parallel))
        for name in here:
            rate = statistics.median(rate for rate, _ in results[name])
            latencies = sorted(one for _, many in results[name] for one in many)
            p50, p99 = latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)]
            rates[name, parallel] = rate
            print(f"{name:<14}{parallel:>9}{rate:>10.0f}{p50:>9.1f}{p99:>9.1f}", flush=True)
    for other, least in (("rspamd", 0.6), ("spamassassin", 20.0)):
        if other in here:
            ratios = ", ".join(f"{rates['seriema', one] / rates[other, one]:.2f}" for one in PARALLEL)
            print(f"seriema / {other} at {PARALLEL} in parallel: {ratios} (wanted: {least})")


@contextlib.contextmanager
def timed(*steps: tuple[object, str]) -> Iterator[dict[str, float]]:
    """Seconds spent in each of these functions or methods, each named by what it belongs to."""
    spent: dict[str, float] = {}
    with contextlib.ExitStack() as stack:
        for owner, name in steps:
            label = f"{getattr(owner, '__name__', owner).rpartition('.')[2]}.{name}"
            function = getattr(owner, name)
            stack.enter_context(patch.object(owner, name, _clocked(function, label, spent)))
        yield spent


def _clocked(function: Callable[..., Any], label: str, spent: dict[str, float]) -> Callable[..., Any]:
    @contextlib.contextmanager
    def clock() -> Iterator[None]:
        began = time.perf_counter()
        yield
        spent[label] = spent.get(label, 0.0) + time.perf_counter() - began

    @functools.wraps(function)
    def called(*args: Any, **options: Any) -> Any:
        with clock():
            return function(*args, **options)

    @functools.wraps(function)
    async def awaited(*args: Any, **options: Any) -> Any:
        with clock():
            return await function(*args, **options)

    return awaited if inspect.iscoroutinefunction(function) else called


async def stages(raws: Sequence[bytes]) -> None:
    """Where the time of one mail goes."""
    with tempfile.TemporaryDirectory() as folder:
        settings = config.Settings(memory=config.MemorySettings(url=f"sqlite:///{folder}/memory.db"))
        async with session.opened(settings) as opened:
            steps = [(Memory, name) for name in ("recall", "history", "remember", "stored")]
            with timed((Jail, "dissect"), (thread, "keys"), (thread, "join"), (verdict, "judge"), *steps) as front:
                began = time.perf_counter()
                for raw in raws:
                    await flow.handle(flow.Incoming("bench", raw), opened.edge, opened.rules)
                whole = time.perf_counter() - began
    _table("front process, flow.handle", whole, front, len(raws))
    dissect.warm()
    keyring = [(unlock.Keyring, name) for name in ("candidates", "offered")]
    rooms = [(message, "parse"), *keyring, (unlock, "open_artifact")]
    with timed(*rooms, (examine, "examine"), (examine, "identify"), (wire, "frame")) as worker:
        began = time.perf_counter()
        for raw in raws:
            for statement in dissect.dissect(raw, Plan()):
                wire.frame(wire.NO_JOB, statement)
        whole = time.perf_counter() - began
    _table("worker, dissect.dissect", whole, worker, len(raws))


def _table(title: str, whole: float, spent: Mapping[str, float], count: int) -> None:
    print(f"\n{title:<34}{whole / count * 1e3:>8.3f} ms a mail")
    rest = whole - sum(spent.values())
    for label, seconds in (*sorted(spent.items(), key=lambda one: -one[1]), ("the rest", rest)):
        print(f"  {label:<32}{seconds / count * 1e3:>8.3f}{seconds / whole:>8.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=2_500, help="of easy-ham; the exercise comes on top")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", nargs=2, metavar=("SOCKET", "MEMORY"), help=argparse.SUPPRESS)
    parser.add_argument("--dns", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.dns:
        asyncio.run(name_server())
    elif args.serve:
        asyncio.run(serve(*args.serve))
    else:
        names = subprocess.Popen([sys.executable, __file__, "--dns"])
        try:
            asyncio.run(compare(args.mails, args.rounds))
            asyncio.run(stages(mails(args.mails)))
        finally:
            names.terminate()


if __name__ == "__main__":
    main()
