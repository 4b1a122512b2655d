"""What the parent and the zygote say to each other, one datagram each; both sides are ours, no mail comes near."""

import msgspec

from seriema.edge.jail.settings import Terms


class Prepare(msgspec.Struct, tag=True, frozen=True):
    """First words to the zygote: the module the workers will run."""

    module: str


class Fork(msgspec.Struct, tag=True, frozen=True):
    """One worker, please; its socket and its wake pipe come along as descriptors."""

    terms: Terms


class Reap(msgspec.Struct, tag=True, frozen=True):
    """Say what became of this worker; it is ended when it has not ended by itself, without ``patience`` at once."""

    pid: int
    patience: bool


class Prepared(msgspec.Struct, tag=True, frozen=True):
    """Everything is imported."""


class Forked(msgspec.Struct, tag=True, frozen=True):
    """The new worker."""

    pid: int


class Reaped(msgspec.Struct, tag=True, frozen=True):
    """How a worker ended: the negative of a signal or its exit status, None when it had to be ended by the zygote;
    and the most memory it held, in bytes.
    """

    status: int | None
    peak_bytes: int


class Failed(msgspec.Struct, tag=True, frozen=True):
    """The request could not be met."""

    reason: str


Request = Prepare | Fork | Reap
Reply = Prepared | Forked | Reaped | Failed

encode = msgspec.json.Encoder().encode
request = msgspec.json.Decoder(Request).decode
reply = msgspec.json.Decoder(Reply).decode

#: No message is larger.
MOST_BYTES = 1 << 16
