"""The lines of a text with their quote marks counted, and their words as they are compared.

"> " is the mark that RFC 3676, 4.5 describes; clients also write ">>", "> >", initials ("JD> ") and bars ("| ").
"""

import re
from dataclasses import dataclass

from seriema.language import fold, languages_of, plain

#: Marks nested deeper than this count as this deep.
DEEPEST = 50
#: A line's words are compared up to here.
LONGEST = 2_000

_MARKS = re.compile(r"(?:[ \t]{0,3}>){1,200}")
_INITIALS = re.compile(r"[ \t]{0,4}([A-Z][A-Za-z]{0,3}>)(?:[ \t]|\Z)")
#: Marks that only an attribution above makes believable: "Anna> ", "| ", ": ", "# ", "--]", "} ".
_CUSTOM = re.compile(r"[ \t]{0,4}([^\W\d_][\w.]{0,30}>|[|:#%}»;]|[^\w\s\"'(<\[“„«]{2,4})(?=\s|\w|\Z|[\"'(])")
#: Marks of lists, rules and signatures are no quote marks.
_LIST_MARKS = frozenset("-*+•·–—=_~.…!?,")
#: "[...]", "<snip>", "(some text left out)", "…": something was left out here.
_ELISION = re.compile(r"(?:\[[^\]]{0,60}\]|<[^>@]{0,60}>|\([^)]{0,60}\)|\.{3,}|…)\Z")
_ELISIONS = 6
#: What may stand in a line that only closes the "<" of the line before: "> wrote:".
_CLOSING = 60


@dataclass(slots=True)
class Lines:
    """Three lists of one length: the lines as they came, how deep each is quoted, its words (``plain``, no marks)."""

    raw: list[str]
    depth: list[int]
    text: list[str]

    def __len__(self) -> int:
        return len(self.raw)

    def below(self, index: int) -> int:
        """The first line of the quotation below a head that ends at ``index``; "[...]" and the like do not count."""
        following = self.next_filled(index + 1)
        while following < len(self.text) and following - index < _ELISIONS and _ELISION.match(self.text[following]):
            following = self.next_filled(following + 1)
        return following

    def deeper_below(self, index: int) -> bool:
        """The lines below a head that ends at ``index`` are quoted one level deeper."""
        following = self.below(index)
        return following < len(self.text) and self.depth[following] > self.depth[index]

    def next_filled(self, index: int) -> int:
        """The first line from ``index`` on that has words, or the number of lines."""
        while index < len(self.text) and not self.text[index]:
            index += 1
        return index


def read(text: str) -> Lines:
    """Split a text at its line ends and count quote marks. Linear; lines stay as they are, all of them."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ascii_only = text.isascii()
    depth = [0] * len(raw)
    words = [line.strip() for line in raw]
    for index, line in enumerate(words):
        if not line:
            continue
        if line[0] == ">" or (not ascii_only and line[0] == "＞"):
            rest = line[1:].lstrip() if ascii_only else ">"
            if rest[:1] == ">" or len(line) > LONGEST:
                depth[index], words[index] = _marked(line)
            else:  # one mark, as most quoted lines
                depth[index], words[index] = 1, rest
        elif not ascii_only:
            words[index] = plain(line[:LONGEST]).strip()
        elif len(line) > LONGEST:
            words[index] = line[:LONGEST]
    lines = Lines(raw, depth, words)
    if ">" in text:
        if ">From " in text:
            _unescape(lines)
        _rejoin(lines)
        _initials(lines)
    return lines


def _marked(line: str) -> tuple[int, str]:
    line = plain(line[:LONGEST])
    marks = _MARKS.match(line)
    if marks is None:
        return 0, line.strip()
    return min(marks[0].count(">"), DEEPEST), line[marks.end() :].strip()


def _unescape(lines: Lines) -> None:
    """A single ">From " among unquoted lines is what mbox files make of "From ", not a quotation."""
    for index, line in enumerate(lines.raw):
        if line.startswith(">From ") and not _neighbours_quoted(lines, index):
            lines.depth[index], lines.text[index] = 0, line[1:].strip()


def _neighbours_quoted(lines: Lines, index: int) -> bool:
    near = (*range(max(0, index - 1), index), *range(index + 1, min(len(lines), index + 2)))
    return any(lines.depth[other] for other in near)


def _rejoin(lines: Lines) -> None:
    """The mark of "> wrote:" below "<a@b.c" belongs to the address, not to a quotation."""
    for index in range(1, len(lines)):
        text = lines.text[index]
        if text[-1:] != ":" or len(text) > _CLOSING or lines.depth[index] != lines.depth[index - 1] + 1:
            continue
        before = lines.text[index - 1]
        open_address = before.rfind("<") > before.rfind(">") and ("@" in before or before[-1:] == "<")
        if open_address or ("@" in before and fold(text[:-1]).strip() in languages_of("attributions", "wrote")):
            lines.depth[index] -= 1
            lines.text[index] = "> " + text


def _initials(lines: Lines) -> None:
    """Lines that begin with the same initials and ">", two or more together, are quoted (Supercite and its kin)."""
    index = 0
    while index < len(lines) - 1:
        if ">" not in lines.text[index][1:5]:  # as nearly all lines
            index += 1
            continue
        mark = _mark(lines, index, _INITIALS)
        end = index + 1
        while mark and end < len(lines) and _mark(lines, end, _INITIALS) == mark:
            end += 1
        if end - index > 1:
            deepen(lines, index, end, len(mark))
        index = end


def _mark(lines: Lines, index: int, pattern: re.Pattern[str]) -> str:
    match = pattern.match(lines.raw[index]) if lines.depth[index] == 0 else None
    return match[1] if match else ""


def deepen(lines: Lines, first: int, end: int, width: int) -> None:
    """Take a mark of ``width`` characters away from lines that turn out to be quoted."""
    for index in range(first, end):
        lines.depth[index] += 1
        lines.text[index] = lines.text[index][width:].strip()


def mark_custom(lines: Lines, first: int) -> bool:
    """Right below a head: when the next lines share a mark of their own, every line with that mark is quoted."""
    first = lines.next_filled(first)
    if first >= len(lines) or lines.depth[first]:
        return False
    mark = _mark(lines, first, _CUSTOM)
    second = lines.next_filled(first + 1)
    if (
        not mark
        or not set(mark) - _LIST_MARKS
        or (second < len(lines) and second == first + 1 and not _has(lines, second, mark))
    ):
        return False
    for index in range(first, len(lines)):
        if _has(lines, index, mark):
            deepen(lines, index, index + 1, len(mark))
    return True


def _has(lines: Lines, index: int, mark: str) -> bool:
    return lines.depth[index] == 0 and lines.text[index].startswith(mark)
