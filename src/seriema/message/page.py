"""The page that HTML is written out on: lines of text, quote marks before each, blank lines between paragraphs."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Page:
    """The lines being written: a mark for each quote level before each line, blank lines between paragraphs."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    line_open: bool = False
    space: bool = False
    blank: bool = True

    def text(self, text: str, quote: int) -> None:
        """Running text; white space at the line's start and between pieces is collapsed."""
        if not self.line_open:
            text = text.lstrip(" ")
            if not text:
                return
            self._put("> " * quote)
            self.line_open, self.space = True, False
        elif self.space and text.startswith(" "):
            text = text[1:]
        if text:
            self._put(text)
            self.space = text.endswith(" ")

    def verbatim(self, text: str, quote: int) -> None:
        """A piece of a preformatted line."""
        if text:
            self._put(text if self.line_open else "> " * quote + text)
            self.line_open, self.space = True, False

    def end_line(self) -> None:
        """End the line, if one is open."""
        if self.line_open:
            self._put("\n")
            self.line_open, self.blank = False, False

    def new_line(self, quote: int) -> None:
        """What a <br> does: ends a line, or makes an empty one."""
        if self.line_open:
            self.end_line()
        else:
            self._put("> " * quote + "\n")
            self.blank = True

    def paragraph(self, quote: int) -> None:
        """Leave one blank line, unless there is one."""
        self.end_line()
        if not self.blank:
            self._put(("> " * quote).rstrip() + "\n")
            self.blank = True

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
