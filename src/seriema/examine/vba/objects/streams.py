"""``ADODB.Stream`` and ``ADODB.Recordset``: bytes and text in memory, and files they are saved to. ADO reference."""

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.storage import key, stored
from seriema.examine.vba.values import MISSING, NULL, UNKNOWN, Array, Unknown, Value, listed

_BINARY, _TEXT = 1, 2
_CODECS = {"unicode": "utf-16", "utf-8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1",
           "windows-1252": "cp1252",
           "windows-1251": "cp1251", "x-ansi": "cp1252", "_autodetect_all": "cp1252",
           "unicodefffe": "utf-16-be"}  # fmt: skip


class Stream(HostObject):
    """Bytes with a place in them."""

    kind = "Stream"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.data = bytearray()
        self.at = 0
        self.type = _TEXT
        self.charset = "utf-16"
        self.origin: Value = None
        self.opaque = False

    def put_type(self, value: Value) -> None:
        """Binary or text."""
        self.type = value if value in (_BINARY, _TEXT) else self.type

    def do_type(self) -> Value:
        """Binary or text."""
        return self.type

    def put_charset(self, value: Value) -> None:
        """How text is encoded."""
        words = value.lower() if isinstance(value, str) else ""
        self.charset = _CODECS.get(words, "cp1252")

    def put_position(self, value: Value) -> None:
        """Where reading and writing goes on."""
        if isinstance(value, int) and 0 <= value <= len(self.data):
            self.at = value

    def do_position(self) -> Value:
        """Where reading and writing goes on."""
        return self.at

    def do_size(self) -> Value:
        """How much it holds."""
        return UNKNOWN if self.opaque else len(self.data)

    def do_open(
        self,
        source: Value = MISSING,
        mode: Value = MISSING,
        options: Value = MISSING,
        user: Value = MISSING,
        password: Value = MISSING,
    ) -> Value:
        """Begin; a source that is an address is fetched."""
        words = text(self.machine.let_value(source)) if source is not MISSING else ""
        if words not in ("", UNKNOWN) and isinstance(words, str) and "http" in words.lower():
            url = words.partition("=")[2] if words.lower().startswith("url=") else words
            self.machine.sink("fetch", url, "ADODB.Stream.Open")
            self.origin, self.opaque = url, True

    def do_write(self, buffer: Value = MISSING) -> Value:
        """Append bytes, or what an address answered."""
        if isinstance(buffer, Array) and all(type(one) is int for one in buffer.items):
            self._put(bytes(one & 0xFF for one in buffer.items))
        elif isinstance(buffer, bytes):
            self._put(buffer)
        else:
            self._unknown(buffer)

    def do_writetext(self, data: Value = MISSING, option: Value = MISSING) -> Value:
        """Append text."""
        words = text(self.machine.let_value(data))
        if isinstance(words, str):
            self._put((words + ("\r\n" if option == 1 else "")).encode(self.charset, "replace"))
        else:
            self._unknown(words)

    def _put(self, data: bytes) -> None:
        self.machine.grow(len(data))
        self.data[self.at : self.at + len(data)] = data
        self.at += len(data)

    def _unknown(self, value: Value) -> None:
        self.opaque = True
        if isinstance(value, Array):
            value = next((one for one in value.items if isinstance(one, Unknown)), UNKNOWN)
        if isinstance(value, Unknown) and value.origin is not None:
            self.origin = value.origin

    def do_read(self, count: Value = MISSING) -> Value:
        """Bytes from the present place on."""
        if self.opaque:
            return Unknown(origin=self.origin)
        if self.at >= len(self.data):
            return NULL
        end = self.at + count if isinstance(count, int) and count >= 0 else len(self.data)
        data = bytes(self.data[self.at : end])
        self.at += len(data)
        return listed(list(data), 0, "byte")

    def do_readtext(self, count: Value = MISSING) -> Value:
        """Text from the present place on."""
        if self.opaque:
            return Unknown(origin=self.origin)
        data = bytes(self.data[self.at :])
        self.at = len(self.data)
        words = data.decode(self.charset, "replace").removeprefix("\ufeff")
        if count == -2:
            words = words.partition("\n")[0].rstrip("\r")
        return words[:count] if isinstance(count, int) and count >= 0 else words

    def do_loadfromfile(self, path: Value = MISSING) -> Value:
        """Take over a file that the macro wrote; another one is unknown."""
        file = self.machine.files.get(key(self.machine.let_value(path)))
        if file is None or file.opaque:
            self.opaque = True
            self.origin = file.source if file is not None else None
        else:
            self.data[:] = file.content
            self.at = 0

    def do_savetofile(self, path: Value = MISSING, options: Value = MISSING) -> Value:
        """Store it."""
        where = text(self.machine.let_value(path))
        stored(self.machine, where, "SaveToFile", content=None if self.opaque else bytes(self.data), source=self.origin)

    def do_copyto(self, stream: Value = MISSING, count: Value = MISSING) -> Value:
        """Give the rest to another stream."""
        if isinstance(stream, Stream):
            if self.opaque:
                stream._unknown(Unknown(origin=self.origin))  # noqa: SLF001 - another of the same class
            else:
                stream._put(bytes(self.data[self.at :]))  # noqa: SLF001 - as above

    def do_eos(self) -> Value:
        """Whether the end is reached."""
        return self.opaque or self.at >= len(self.data)

    def do_seteos(self) -> Value:
        """Cut the rest off."""
        del self.data[self.at :]

    def do_flush(self) -> Value:
        """Nothing."""

    do_close = do_cancel = do_flush


class Recordset(HostObject):
    """``ADODB.Recordset`` as macros use it: one field that turns text into bytes and back."""

    kind = "Recordset"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.table: dict[str, Field] = {}

    def do_fields(self, name: Value = MISSING) -> Value:
        """The fields, or one of them."""
        fields = Fields(self.machine, self)
        return fields if name is MISSING else fields.do_item(name)

    def do_item(self, name: Value = MISSING) -> Value:
        """One field."""
        return self.do_fields(name)

    def do_open(self) -> Value:
        """Begin."""

    do_addnew = do_update = do_close = do_open


class Fields(Items):
    """The fields of a record set."""

    def __init__(self, machine: Machine, owner: Recordset) -> None:
        super().__init__(machine, list(owner.table.items()), first=0)
        self.owner = owner

    def do_append(self, name: Value = MISSING, type: Value = MISSING, size: Value = MISSING) -> Value:
        """A new field."""
        if isinstance(name, str) and len(self.owner.table) < 64:
            self.owner.table[name] = Field(self.machine)


class Field(HostObject):
    """One value."""

    kind = "Field"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.value: Value = ""

    def default(self) -> Value:
        """Its value."""
        return self.value

    def do_value(self) -> Value:
        """Its value."""
        return self.value

    def put_value(self, value: Value) -> None:
        """Assign it."""
        self.value = value

    def do_appendchunk(self, data: Value = MISSING) -> Value:
        """Add to it."""
        if isinstance(data, Array):
            data = "".join(chr(one) for one in data.items if isinstance(one, int) and 0 <= one < 0x110000)
        self.value = self.machine.joined(text(self.value), text(data))

    def do_getchunk(self, size: Value = MISSING) -> Value:
        """A part of it."""
        value = text(self.value)
        if not isinstance(value, str):
            return value
        part = value[:size] if isinstance(size, int) and size >= 0 else value
        return listed(list(part.encode("latin-1", "replace")), 0, "byte")
