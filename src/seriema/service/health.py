"""``/health`` and ``/metrics`` on a local port (HTTP/1.0, RFC 1945): enough for Prometheus and a load balancer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from seriema.model.errors import ConfigurationError

_SECONDS, _BYTES, _AT_ONCE = 5.0, 8 << 10, 20

#: Path → status, content type, text.
Pages = Callable[[str], tuple[int, str, str]]


@asynccontextmanager
async def listening(place: str, pages: Pages) -> AsyncIterator[None]:
    """Answer at ``host:port`` until left. Raises ConfigurationError."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.LimitOverrunError, asyncio.IncompleteReadError):
            async with turns, asyncio.timeout(_SECONDS):
                request = await reader.readuntil(b"\n")
                writer.write(_response(request, pages))
                await writer.drain()
        writer.close()

    host, _, port = place.rpartition(":")
    try:
        server = await asyncio.start_server(one, host, int(port), limit=_BYTES)
    except (OSError, ValueError, OverflowError) as error:
        raise ConfigurationError(f"[service] http {place!r}: {error}") from None
    async with server:
        yield


def _response(request: bytes, pages: Pages) -> bytes:
    method, _, rest = request.decode("latin-1").partition(" ")
    status, kind, text = pages(rest.split(" ")[0]) if method == "GET" else (405, "text/plain", "GET only\n")
    body = text.encode()
    head = f"HTTP/1.0 {status} {'OK' if status < 400 else 'No'}\r\nContent-Type: {kind}; charset=utf-8\r\n"  # noqa: PLR2004 - RFC 1945, 6.1.1
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
