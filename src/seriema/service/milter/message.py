"""Events → whole mails: the envelope and the raw message as it went over SMTP, rebuilt under bounds."""

import re
from dataclasses import dataclass, field

from seriema.service.milter import events as e

#: Recipients and macros of one mail, and header fields of it: more than any server sends.
RECIPIENTS, FIELDS = 10_000, 20_000
MACROS = 1_000
#: Commands whose macros hold for every mail of a connection: connect and HELO.
_OF_CONNECTION = (b"C", b"H")
_LINE_END = re.compile(rb"\r?\n")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sent a mail to whom over which connection, as the server said. Addresses without their angle brackets."""

    sender: str = ""
    recipients: tuple[str, ...] = ()
    client: str = ""  #: the address of the machine that handed it in
    hostname: str = ""
    helo: str = ""
    queue_id: str = ""
    account: str = ""  #: who logged in to send it; empty for mail from outside


@dataclass(frozen=True, slots=True)
class Received:
    """A whole mail. ``excess`` names the bound that was met; ``raw`` is then what came before it.

    ``names`` are its header fields' names in their order.
    """

    envelope: Envelope
    raw: bytes
    names: tuple[bytes, ...] = ()
    excess: str = ""


@dataclass(slots=True)
class MailReader:
    """Puts the events of one connection together. ``most``: bytes of one mail."""

    most: int
    leading_space: bool = True
    raw: bytearray = field(default_factory=bytearray)
    excess: str = ""
    _names: list[bytes] = field(default_factory=list)
    _recipients: list[str] = field(default_factory=list)
    _sender: str = ""
    _connect: e.Connect | None = None
    _helo: str = ""
    _of_connection: dict[bytes, bytes] = field(default_factory=dict)
    _of_mail: dict[bytes, bytes] = field(default_factory=dict)
    _in_body: bool = False

    def take(self, event: e.Event) -> Received | None:  # noqa: C901 - one line for each kind
        """Take one event in; the mail, when that was its end."""
        match event:
            case e.Header(name, value):
                self._header(name, value)
            case e.Body(content):
                self._body(content)
            case e.Macros():
                self._take_macros(event)
            case e.Recipient(recipient):
                self._recipient(recipient)
            case e.MailFrom(sender):
                self._sender = _address(sender)
            case e.Connect():
                self._connect = event
            case e.Helo(name):
                self._helo = _text(name)
            case e.QuitNewConnection():
                self._connect, self._helo = None, ""
                self._of_connection.clear()
                self.forget()
            case e.Abort():
                self.forget()
            case e.EndOfMessage(content):
                self._body(content)
                return self._whole()
            case _:
                pass
        return None

    def forget(self) -> None:
        """Let go of the mail; what is known of the connection stays."""
        self.raw = bytearray()
        self.excess, self._sender, self._in_body = "", "", False
        self._names.clear()
        self._recipients.clear()
        self._of_mail.clear()

    def drop(self) -> None:
        """Take nothing more of this mail, and let go of what came of it."""
        self.raw, self.excess = bytearray(), "dropped"

    def _header(self, name: bytes, value: bytes) -> None:
        if len(self._names) >= FIELDS:
            self.excess = self.excess or f"more than {FIELDS} header fields"
            return
        self._names.append(name)
        self._add(b"%b:%b%b\r\n" % (name, b"" if self.leading_space else b" ", _LINE_END.sub(b"\r\n", value)))

    def _body(self, content: bytes) -> None:
        if not self._in_body:
            self._in_body = True
            self._add(b"\r\n")
        self._add(content)

    def _add(self, data: bytes) -> None:
        if len(self.raw) + len(data) > self.most:
            self.excess = self.excess or f"larger than {self.most} bytes"
        elif not self.excess:
            self.raw += data

    def _recipient(self, recipient: bytes) -> None:
        if len(self._recipients) >= RECIPIENTS:
            self.excess = f"more than {RECIPIENTS} recipients"
        else:
            self._recipients.append(_address(recipient))

    def _take_macros(self, event: e.Macros) -> None:
        known = self._of_connection if event.command in _OF_CONNECTION else self._of_mail
        for name, value in event.values:
            if len(known) < MACROS or name in known:
                known[name] = value

    def _whole(self) -> Received:
        macros = self._of_connection | self._of_mail
        client = self._connect
        envelope = Envelope(
            sender=self._sender,
            recipients=tuple(self._recipients),
            client=_text(client.address) if client else "",
            hostname=_text(client.hostname) if client else "",
            helo=self._helo,
            queue_id=_text(macros.get(b"i", b"")),
            account=_text(macros.get(b"{auth_authen}", b"")),
        )
        return Received(envelope, bytes(self.raw), tuple(self._names), self.excess)


def _text(value: bytes) -> str:
    return value[:1_000].decode("utf-8", "backslashreplace")


def _address(value: bytes) -> str:
    text = _text(value)
    return text[1:-1] if text.startswith("<") and text.endswith(">") else text
