"""What one milter server takes on at once, and how long it waits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Bounds of a milter server; seconds and bytes. All begin above 0."""

    connections: int = 1_000  #: at once; one more takes the place of the one that is idle the longest, or is refused
    message_bytes: int = 64 << 20  #: of one mail; a larger one is named so to whoever judges
    memory: int = 512 << 20  #: of all mails that are being received or judged; beyond it senders try again later
    idle_seconds: float = 900.0  #: between commands; longer than a mail server lets its own clients wait (Postfix: 300)
    packet_seconds: float = 30.0  #: for the rest of a packet that has begun, and for the other side to take an answer
    judging_seconds: float = 240.0  #: for one mail
    progress_seconds: float = 20.0  #: after so long, and again, the server is told that we are still at work

    def __post_init__(self) -> None:
        if not all(getattr(self, name) > 0 for name in self.__slots__):
            raise ValueError("a limit of nothing")
