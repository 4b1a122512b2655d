"""Which lines of a text are quoted, and which quoted mail each of them belongs to.

A quotation begins below its head (attribution, header block, separator). Where the lines below are marked ("> "), it is
the marked lines, and whatever follows unmarked is the reply again; where they are not, it is everything to the end.
"""

from dataclasses import dataclass, field

from seriema.message.quotes import attributions, blocks, dates, notes, people, separators
from seriema.message.quotes import lines as reading
from seriema.message.quotes.head import Head
from seriema.message.quotes.lines import Lines
from seriema.message.quotes.separators import Separator
from seriema.model.message import Address, Quote

#: Thorough looks for heads, and quotes told apart; beyond that lines only follow their marks.
MOST_TRIALS = 1_000
MOST_QUOTES = 100
#: Lines in which heads are looked for.
MOST_LINES = 20_000
#: A quoted line this long was probably broken by a program that does not know quote marks. What it broke off goes on in
#: lower case, and is short unless the line before ends without a full stop.
_WRAPPED = 60
_BROKEN_OFF = 40
_LONGEST_LINE = 80
#: Flags of an unquoted line between quoted ones.
_ALONE = bytes([True, False, True])
#: Without one of these at its end, a colon or an address within, a line that begins with a letter is no head.
_AT_END = ("：", ";", "*", "-", "=", "]", "...")


@dataclass(slots=True)
class Quoted:
    """``flags``: for each line, whether it is quoted. ``quotes`` in order of appearance."""

    flags: list[bool]
    quotes: tuple[Quote, ...] = ()


@dataclass(slots=True)
class _Open:
    """A quotation whose lines are being read. ``level``: the depth from which on a line belongs to it."""

    head: Head
    level: int
    nesting: int
    body: list[int] = field(default_factory=list)


def find(lines: Lines) -> Quoted:
    """Tell the quoted lines of a text. Linear in its lines; at most ``MOST_TRIALS`` thorough looks."""
    heads = _heads(lines)
    flags = [depth > 0 for depth in lines.depth]
    opened: list[_Open] = []
    stack: list[_Open] = []
    index = 0
    while index < len(lines):
        if head := heads.get(index):
            end = _open(lines, head, stack)
            opened.append(stack[-1])
            flags[index:end] = [True] * (end - index)
            index = end
            continue
        while lines.text[index] and stack and lines.depth[index] < stack[-1].level:
            stack.pop()
        if stack:
            flags[index] = True
            stack[-1].body.append(index)
        index += 1
    _mend(lines, flags)
    told = [one for one in opened if one.head.says_something][:MOST_QUOTES]
    return Quoted(flags, tuple(_quote(lines, one) for one in told))


def _heads(lines: Lines) -> dict[int, Head]:
    """All heads by their first line."""
    heads: dict[int, Head] = {}
    index, trials, done, marked = 0, 0, -1, False
    end = min(len(lines), MOST_LINES)
    while index < end and trials < MOST_TRIALS:
        head, looks = _head(lines, index) if lines.text[index] else (None, 0)
        trials += looks
        if head is not None and head.first > done:
            heads[head.first] = head
            index = done = head.last
            marked = marked or reading.mark_custom(lines, head.last + 1)
        index += 1
    return heads


def _head(lines: Lines, index: int) -> tuple[Head | None, int]:
    """The head at a line, surest kind first, and how many thorough looks that took."""
    text, looks = lines.text[index], 0
    if ":" not in text and "@" not in text and text[0].isalpha() and not text.endswith(_AT_END):
        return None, 0  # as most lines of most mails
    if blocks.may_begin(text):
        looks += 1
        if block := blocks.read(lines, index):
            return block, looks
    if attributions.may_end(text):
        looks += 1
        if attribution := attributions.read(lines, index) or attributions.named(lines, index):
            return attribution, looks
    if notes.may_begin(lines, index):
        looks += 1
        if head := notes.read(lines, index):
            return head, looks
    separator = separators.separator(text)
    return (_separated(lines, index, separator) if separator else None), looks


def _separated(lines: Lines, index: int, separator: Separator) -> Head | None:
    """A separator without a header block below: the phrase alone, or Lotus Notes' "Forwarded by"."""
    following = lines.next_filled(index + 1)
    if following < len(lines) and blocks.may_begin(lines.text[following]) and blocks.read(lines, following):
        return None
    date = dates.find(separator.on)
    return Head(
        first=index,
        last=index,
        style="lotus" if separator.by else "forwarded" if separator.forwarded else "other",
        author=people.person(separator.by) if separator.by else Address(),
        date=date.value if date else None,
        date_text=date.text if date else "",
    )


def _open(lines: Lines, head: Head, stack: list[_Open]) -> int:
    """Begin a quotation: at its head's own depth, or deeper when the next lines are. Returns where its lines begin."""
    depth = lines.depth[head.last]
    while stack and stack[-1].level > depth:
        stack.pop()
    deeper = lines.deeper_below(head.last)
    stack.append(_Open(head, depth + deeper, len(stack)))
    return lines.below(head.last) if deeper else head.last + 1


def _mend(lines: Lines, flags: list[bool]) -> None:
    """A short rest of a long quoted line, alone between quoted lines, is quoted too."""
    kinds = bytes(flags)
    index = 0
    while (index := kinds.find(_ALONE, index) + 1) > 0:
        before, text = lines.text[index - 1], lines.text[index]
        longest = _BROKEN_OFF if before[-1:] in ".!?:;" else _LONGEST_LINE
        if len(before) >= _WRAPPED and len(text) <= longest and text[:1].islower():
            flags[index] = True


def _quote(lines: Lines, one: _Open) -> Quote:
    head = one.head
    return Quote(
        author=head.author,
        recipients=head.recipients,
        date=head.date,
        date_text=head.date_text,
        subject=head.subject,
        style=head.style,
        language=head.language,
        depth=one.nesting,
        body="\n".join(lines.raw[index] for index in one.body).strip("\n"),
    )
