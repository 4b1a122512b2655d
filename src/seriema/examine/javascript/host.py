"""What lies around a script: a browser's page, as far as scripts hand over files or lead on by it.

HTML Standard and File API (Blob, object URLs, ``download``), DOM (elements). Nothing is fetched, stored or run: what
would be becomes an ``Effect``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote_to_bytes

from seriema.examine.javascript import script_host
from seriema.examine.javascript.machine import Machine, World
from seriema.examine.javascript.natives import DOCUMENT, METHODS, natives
from seriema.examine.javascript.values import (
    HOLE,
    UNDEFINED,
    UNKNOWN,
    Blob,
    Exhausted,
    Function,
    Host,
    Native,
    Value,
    from_base64,
    given,
    text,
)

Values = list[Value]
EFFECTS = 500


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing a script would do. ``kind``: builds or stores a file, writes a page, goes, fetches, runs."""

    kind: str
    value: str  #: the address, command, path or file's name
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the page: its attributes and the text in it."""

    attributes: Mapping[str, str]
    inner: str = ""


_WINDOWS = frozenset({"window", "self", "globalThis", "top", "parent", "frames", "this", "document.defaultView"})


class Browser(World):
    """The names of browser and script host together; no script is both, and none minds the other's."""

    machine: Machine

    def __init__(self, elements: Mapping[str, Element]) -> None:
        self.elements = elements
        self.effects: list[Effect] = []
        self.blobs: dict[str, Blob] = {}
        self.named_blobs: set[str] = set()
        self.pending: list[Value] = []
        self.found: dict[str, Host] = {}
        self._globals = natives(self)

    # -- the machine's questions ---------------------------------------------------------------------------------------

    def named(self, name: str) -> Value:
        """A name of the host's."""
        if name in _WINDOWS:
            return Host("window")
        return self._globals.get(name, UNKNOWN)

    def member(self, owner: Host, name: str) -> Value:
        """A member of a host object, by the kind of object."""
        if owner.name == "window":
            holder = self.machine.top.names
            return holder[name] if name in holder else self.named(name)
        if owner.name == "promise" and name in ("then", "finally"):
            return Native(name, partial(self._then, owner))
        if owner.name.startswith("element"):
            return self._of_element(owner, name)
        if owner.name == "document":
            return self._of_document(name)
        if owner.name.startswith("object:"):
            return Native(name, partial(script_host.called, self.say, owner, name.lower()))
        method = METHODS.get((owner.name, name))
        return Native(name, partial(method, self)) if method else UNKNOWN

    def set_on(self, owner: Host, name: str, value: Value) -> None:
        """Handlers wait for their event; a new address or markup takes effect."""
        if name.startswith("on"):
            self.pending.append(value)
        elif name in ("location", "href") and owner.name in ("window", "document", "location"):
            self.goes(text(value))
        elif name in ("innerHTML", "outerHTML", "srcdoc"):
            self.say("writes", "", text(value).encode("utf-8", "replace"))
        elif name == "src" and owner.name in ("element:iframe", "element:embed", "element:script"):
            self.goes(text(value))

    # -- effects -------------------------------------------------------------------------------------------------------

    def say(self, kind: str, value: str, content: bytes = b"") -> None:
        """One effect; what is not wholly known is said without its value."""
        if len(self.effects) >= EFFECTS:
            raise Exhausted(f"more than {EFFECTS} effects of script")
        self.effects.append(Effect(kind, "" if HOLE in value else value, content))

    def goes(self, address: str, name: str = "") -> None:
        """The page leads to an address, which may hold a file."""
        if address.startswith("blob:"):
            self._hand_over(address, name)
        elif address[:5].lower() == "data:":
            kind, _, raw = address[5:].partition(",")
            self.say("builds", name, from_base64(raw) if ";base64" in kind.lower() else unquote_to_bytes(raw))
        elif address[:11].lower() == "javascript:":
            self.machine.run(address[11:])
        elif address and address != HOLE:
            self.say("goes", address)

    def _hand_over(self, address: str, name: str) -> None:
        blob = self.blobs.get(address)
        if blob is not None and address + name not in self.named_blobs:
            self.named_blobs.add(address + name)
            self.say("builds", name, blob.content)

    def run_pending(self) -> None:
        """Handlers and timers, until none is left; then the files that were made and never given a name."""
        for _ in range(100):
            if not self.pending:
                break
            waiting, self.pending = self.pending, []
            for one in waiting:
                self._handle(one)
        for address, blob in self.blobs.items():
            if not any(known.startswith(address) for known in self.named_blobs):
                self.named_blobs.add(address)
                self.say("builds", "", blob.content)

    def _handle(self, handler: Value) -> None:
        if isinstance(handler, str):
            self.machine.run(handler)
        elif isinstance(handler, Function) and not handler.called:
            self.machine.call(handler, UNDEFINED, [Host("event")])

    # -- the page ------------------------------------------------------------------------------------------------------

    def _of_document(self, name: str) -> Value:
        if name in ("body", "head", "documentElement", "scripts"):
            return Host(f"element:{name}")
        if name == "location":
            return Host("location")
        method = DOCUMENT.get(name)
        return Native(name, partial(method, self)) if method else UNKNOWN

    def element(self, identity: str) -> Host:
        """The page's element of that id, the same one each time; an empty one when there is none."""
        if identity not in self.found:
            known = self.elements.get(identity)
            kept: dict[str, Value] = {}
            if known:
                kept = {**known.attributes, "inner": known.inner}
                kept["dataset"] = {one.removeprefix("data-"): value for one, value in known.attributes.items()}
            self.found[identity] = Host("element", kept)
        return self.found[identity]

    def _of_element(self, owner: Host, name: str) -> Value:  # noqa: PLR0911 - one way out for each sort of member
        if name in ("innerHTML", "innerText", "textContent", "text", "value"):
            return owner.kept.get("inner", UNKNOWN)
        if name == "click":
            return Native(
                name, lambda *_: self.goes(text(owner.kept.get("href", "")), text(owner.kept.get("download", "")))
            )
        if name == "setAttribute":
            return Native(name, lambda _, got: self.machine.set_member(owner, given(got, 0), given(got, 1)))
        if name == "getAttribute":
            return Native(name, lambda _, got: owner.kept.get(text(given(got, 0)), UNKNOWN))
        if name == "addEventListener":
            return Native(name, lambda _, got: self.pending.append(given(got, 1)))
        if name in ("appendChild", "append", "removeChild", "remove", "dispatchEvent", "insertBefore"):
            return Native(name, lambda _, got: given(got, 0))
        return UNKNOWN

    def _then(self, promise: Host, _: Value, got: Values) -> Value:
        value = self.machine.call(given(got, 0), UNDEFINED, [promise.kept.get("value", UNKNOWN)])
        return value if isinstance(value, Host) and value.name == "promise" else Host("promise", {"value": value})

    # -- objects of Windows --------------------------------------------------------------------------------------------

    def made(self, name: Value) -> Value:
        """An object by its program identifier."""
        return Host(f"object:{text(name).lower()}")
