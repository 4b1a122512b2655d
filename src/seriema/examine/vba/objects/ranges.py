"""Pieces of a document's text: ranges, paragraphs, cells. Word object model."""

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.values import MISSING, UNKNOWN, Value


class Text(HostObject):
    """A piece of text: a range, paragraph, cell or selection."""

    kind = "Range"

    def __init__(self, machine: Machine, words: Value, *, ended: str = "") -> None:
        super().__init__(machine)
        self.words = words
        self.ended = ended

    def default(self) -> Value:
        """The text."""
        return self.do_text()

    def do_text(self) -> Value:
        """The text with the mark at its end."""
        return self.words + self.ended if isinstance(self.words, str) else self.words

    do_value = do_formattedtext = do_text

    def put_text(self, value: Value) -> None:
        """Assign it."""
        self.words = text(value)

    def do_range(self, start: Value = MISSING, end: Value = MISSING) -> Value:
        """A part by characters from 0, or the whole."""
        words = self.do_text()
        if isinstance(words, str) and isinstance(start, int) and isinstance(end, int) and 0 <= start <= end:
            return Text(self.machine, words[start:end])
        return self

    def do_textrange(self) -> Value:
        """Of a frame: itself."""
        return self

    do_textframe = do_textframe2 = do_formfield = do_textrange

    def do_hastext(self) -> Value:
        """Whether there is any."""
        return bool(self.words) if isinstance(self.words, str) else UNKNOWN

    def do_start(self) -> Value:
        """Where it begins."""
        return 0

    def do_end(self) -> Value:
        """Where it ends."""
        return len(self.words) if isinstance(self.words, str) else UNKNOWN

    def do_paragraphs(self, index: Value = MISSING) -> Value:
        """Its paragraphs."""
        words = self.do_text()
        found = Items(
            self.machine,
            texts(self.machine, words.rstrip("\r").split("\r"), "\r") if isinstance(words, str) else [],
            absent=UNKNOWN,
        )
        return found if index is MISSING else found.do_item(index)

    def do_words(self, index: Value = MISSING) -> Value:
        """Its words, each with the space behind it."""
        words = self.do_text()
        pieces = [one + " " for one in words.split(" ")] if isinstance(words, str) else []
        found = Items(self.machine, texts(self.machine, pieces, ""), absent=UNKNOWN)
        return found if index is MISSING else found.do_item(index)

    def do_characters(self, index: Value = MISSING) -> Value:
        """Its characters."""
        words = self.do_text()
        found = Items(
            self.machine,
            texts(self.machine, list(words[:100_000]) if isinstance(words, str) else [], ""),
            absent=UNKNOWN,
        )
        return found if index is MISSING else found.do_item(index)

    def do_find(self) -> Value:
        """Searching finds something unknown."""
        return HostObject(self.machine)


def texts(machine: Machine, pieces: list[str], ended: str) -> "list[tuple[str, Value]]":
    """Texts in order, each with the mark at its end."""
    machine.spend(len(pieces) >> 3)
    return [("", Text(machine, one, ended=ended)) for one in pieces]
