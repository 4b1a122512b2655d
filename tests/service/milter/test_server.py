"""The milter over sockets: many mails, many servers, and whatever they do wrong."""

import asyncio
import contextlib
import random
import struct

import pytest
from tests.builders import milters
from tests.builders.milters import Server, packet

from seriema.model.errors import ConfigurationError
from seriema.service.milter import MilterServer, ServerLimits
from seriema.service.milter import answers as a

RAW = b"Subject: hello\r\n\r\nhello\r\n"


def run(tmp_path, told, judge=None, **limits):
    """Talk (``told(path, mails)``) to a server that accepts every mail, unless ``judge`` says otherwise."""
    mails = []

    async def accept(mail):
        mails.append(mail)
        return [a.Accept()]

    async def main():
        server = MilterServer(judge or accept, ServerLimits(**limits))
        path = tmp_path / "milter.sock"
        async with server.listening(f"unix:{path}", patience=2), asyncio.timeout(30):
            try:
                return await told(path, mails)
            finally:
                await Server.hang_up()

    return asyncio.run(main())


def test_several_mails_over_one_connection(tmp_path):
    async def told(path, mails):
        server = await Server.connected(path)
        server.say(milters.connect())
        for number in range(5):
            server.say(milters.mail(b"Subject: %d\r\n\r\nx\r\n" % number))
            assert await server.decided() == [("a", b"")]
        server.say(packet("Q"))
        assert await server.reader.read() == b""
        return [mail.raw for mail in mails]

    assert run(tmp_path, told) == [b"Subject: %d\r\n\r\nx\r\n" % number for number in range(5)]


def test_a_server_that_wants_every_step_answered_gets_it(tmp_path):
    async def told(path, mails):
        server = await Server.connected(path, version=2, steps=0)
        stream, answered = milters.connect() + milters.mail(RAW, space=False), 0
        while stream:
            (length,) = struct.unpack("!I", stream[:4])
            one, stream = stream[: 4 + length], stream[4 + length :]
            server.say(one)
            if one[4:5] != b"D":
                answered += 1
                assert (await server.heard())[0] == ("c" if stream else "a")
        return answered, mails[0].raw

    assert run(tmp_path, told) == (8, RAW)


def test_changes_come_before_the_decision(tmp_path):
    async def judge(_mail):
        return [
            a.ChangeHeader(1, b"Subject", b""),
            a.ReplaceBody(b"y" * 70_000),
            a.AddHeader(b"X-A", b"1"),
            a.Continue(),
        ]

    async def told(path, _):
        server = await Server.connected(path)
        server.say(milters.mail(RAW))
        return [letter for letter, _ in await server.decided()]

    assert run(tmp_path, told, judge) == ["m", "b", "b", "h", "c"]


def test_an_error_of_ours_makes_the_sender_try_again(tmp_path):
    async def judge(_mail):
        raise KeyError("unforeseen")

    async def told(path, _):
        server = await Server.connected(path)
        server.say(milters.mail(RAW))
        first = await server.decided()
        server.say(milters.mail(RAW))
        return first, await server.decided()

    later = [("y", b"451 4.3.0 Please try again later\0")]
    assert run(tmp_path, told, judge) == (later, later)


def test_a_judge_that_says_nothing_is_not_waited_for(tmp_path):
    async def judge(_mail):
        await asyncio.sleep(60)

    async def told(path, _):
        server = await Server.connected(path)
        server.say(milters.mail(RAW))
        heard = [(await server.heard())[0] for _ in range(3)]
        return heard, await server.decided()

    heard, decided = run(tmp_path, told, judge, judging_seconds=0.5, progress_seconds=0.1)
    assert heard == ["p", "p", "p"]
    assert decided[0][0] == "y"


def test_what_is_being_judged_is_finished_at_the_end(tmp_path):
    judging = asyncio.Event()

    async def judge(_mail):
        judging.set()
        await asyncio.sleep(0.3)
        return [a.Discard()]

    async def main():
        path = tmp_path / "milter.sock"
        async with MilterServer(judge).listening(f"unix:{path}", patience=5):
            server, idle = await Server.connected(path), await Server.connected(path)
            server.say(milters.mail(RAW))
            await judging.wait()
        heard = await server.decided(), await idle.reader.read()
        await Server.hang_up()
        return heard

    assert asyncio.run(main()) == ([("d", b"")], b"")


def test_silent_and_slow_servers_are_let_go(tmp_path):
    async def told(path, _):
        silent = await Server.connected(path)
        slow = await Server.connected(path)
        slow.say(milters.mail(RAW)[:-3])
        return [await one.reader.read() for one in (slow, silent)]

    assert run(tmp_path, told, idle_seconds=0.4, packet_seconds=0.2) == [b"", b""]


def test_one_that_takes_no_answer_is_let_go(tmp_path):
    async def judge(_mail):
        return [a.ReplaceBody(bytes(20 << 20)), a.Continue()]

    async def told(path, _):
        deaf = await Server.connected(path)
        deaf.say(milters.mail(RAW))
        await asyncio.sleep(0.8)
        with contextlib.suppress(ConnectionError):
            assert len(await deaf.reader.read()) < 20 << 20

    run(tmp_path, told, judge, packet_seconds=0.3)


def test_a_thousand_idle_connections_starve_nobody(tmp_path):
    async def told(path, _):
        busy = await Server.connected(path)
        busy.say(milters.mail(RAW).removesuffix(packet("E")))
        idle = [await Server.connected(path) for _ in range(60)]
        for _ in range(5):
            fresh = await Server.connected(path)
            fresh.say(milters.mail(RAW))
            assert await fresh.decided() == [("a", b"")]
        busy.say(packet("E"))
        assert await busy.decided() == [("a", b"")]
        return len(idle)

    assert run(tmp_path, told, connections=20) == 60


def test_when_all_are_busy_one_more_is_refused(tmp_path):
    async def told(path, _):
        busy = [await Server.connected(path) for _ in range(3)]
        for one in busy:
            one.say(milters.mail(RAW).removesuffix(packet("E")))
        await asyncio.sleep(0.1)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await Server.connected(path)
        busy[0].say(packet("E"))
        return await busy[0].decided()

    assert run(tmp_path, told, connections=3) == [("a", b"")]


def test_more_mail_at_once_than_memory_waits_with_its_senders(tmp_path):
    async def told(path, mails):
        first, second = await Server.connected(path), await Server.connected(path)
        large = milters.mail(b"A: b\r\n\r\n" + bytes(700_000))
        first.say(large.removesuffix(packet("E")))
        await asyncio.sleep(0.2)
        second.say(large)
        refused = await second.decided()
        first.say(packet("E"))
        taken = await first.decided()
        second.say(large)
        return refused[0][0], taken, await second.decided(), len(mails)

    assert run(tmp_path, told, memory=1 << 20) == ("y", [("a", b"")], [("a", b"")], 2)


def test_a_mail_too_large_is_said_to_be(tmp_path):
    async def told(path, mails):
        server = await Server.connected(path)
        server.say(milters.mail(b"A: b\r\n\r\n" + bytes(3_000_000)))
        await server.decided()
        return mails[0].excess

    assert run(tmp_path, told, message_bytes=1 << 20) == f"larger than {1 << 20} bytes"


def test_noise_ends_its_own_connection_only(tmp_path):
    async def told(path, _):
        good = await Server.connected(path)
        for number in range(200):
            dice = random.Random(number)
            noisy = Server(*await asyncio.open_unix_connection(str(path)))
            noise = bytearray(milters.negotiation() + milters.connect() + milters.mail(RAW))
            for _ in range(8):
                noise[dice.randrange(len(noise))] = dice.randrange(256)
            noisy.say(bytes(noise))
            if number % 2:
                noisy.writer.close()
        good.say(milters.mail(RAW))
        return await good.decided()

    assert run(tmp_path, told) == [("a", b"")]


def test_it_also_listens_on_the_network(tmp_path):
    async def main():
        async def judge(_mail):
            return [a.Accept()]

        async with MilterServer(judge).listening("inet:0@127.0.0.1"):
            return True

    assert asyncio.run(main())


def test_a_socket_left_by_a_dead_process_is_no_hindrance_but_a_live_one_is(tmp_path):
    import socket  # noqa: PLC0415 - beside its only use

    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(tmp_path / "milter.sock"))
    dead.close()

    async def told(path, _):
        with pytest.raises(ConfigurationError):
            async with MilterServer(None).listening(f"unix:{path}"):
                pass

    run(tmp_path, told)


@pytest.mark.parametrize("place", ["", "unix", "tcp:25", "inet:25", "inet:x@localhost", "unix:/nowhere/at/all"])
def test_a_place_that_is_none_is_a_configuration_error(place):
    async def main():
        async with MilterServer(None).listening(place):
            pass

    with pytest.raises(ConfigurationError):
        asyncio.run(main())
