"""Which lines of a text are quoted, and which quoted mail each of them belongs to.

A quotation begins below its head (attribution, header block, separator). Where the lines below are marked ("> "), it is
the marked lines, and whatever follows unmarked is the reply again; where they are not, it is everything to the end.
"""

from dataclasses import dataclass, field

from seriema.message.quotes import attributions, blocks, people, separators
from seriema.message.quotes import lines as reading
from seriema.message.quotes.head import Head
from seriema.message.quotes.lines import Lines
from seriema.model.message import Address, Quote

#: Heads looked for thoroughly, and quotes told apart; beyond that lines only follow their marks.
MOST_TRIALS = 1_000
MOST_QUOTES = 100
#: Lines in which heads are looked for.
MOST_LINES = 20_000
#: A quoted line this long was probably broken by a program that does not know quote marks; what it broke off is short.
_WRAPPED = 60
_BROKEN_OFF = 40


@dataclass(slots=True)
class Quoted:
    """``flags``: for each line, whether it is quoted. ``quotes`` in order of appearance."""

    flags: list[bool]
    quotes: list[Quote] = field(default_factory=list)


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
        head = heads.get(index)
        if head is not None:
            for place in range(head.first, head.last + 1):
                flags[place] = True
            one = _open(lines, head, stack)
            stack.append(one)
            if head.says_something and len(opened) < MOST_QUOTES:
                opened.append(one)
            index = head.last + 1
            continue
        if lines.text[index] or lines.depth[index]:
            while stack and lines.depth[index] < stack[-1].level:
                stack.pop()
        if stack:
            flags[index] = True
            stack[-1].body.append(index)
        index += 1
    _mend(lines, flags)
    return Quoted(flags, [_quote(lines, one) for one in opened])


def _heads(lines: Lines) -> dict[int, Head]:
    """All heads by their first line. The block, being the surer sign, is looked for before the attribution."""
    heads: dict[int, Head] = {}
    index, trials, done, marked = 0, 0, -1, False
    end = min(len(lines), MOST_LINES)
    while index < end and trials < MOST_TRIALS:
        text = lines.text[index]
        head = None
        if text:
            if blocks.may_begin(text) and blocks.is_field(text):
                trials += 1
                head = blocks.read(lines, index)
            if head is None and attributions.may_end(text):
                trials += 1
                head = attributions.read(lines, index) or attributions.named(lines, index)
            if head is None and separators.may_be(text) and (separator := separators.separator(text)):
                head = _separated(lines, index, separator)
        if head is not None and head.first > done:
            heads[head.first] = head
            done = head.last
            marked = marked or reading.mark_custom(lines, head.last + 1)
            index = head.last
        index += 1
    return heads


def _separated(lines: Lines, index: int, separator: separators.Separator) -> Head | None:
    """A separator without a header block below: the phrase alone, or Lotus Notes' "Forwarded by"."""
    following = lines.next_filled(index + 1)
    if following < len(lines) and blocks.read(lines, following):
        return None
    from seriema.message.quotes import dates

    written = dates.find(separator.on) if separator.on else None
    return Head(
        first=index,
        last=index,
        style="lotus" if separator.by else "forwarded" if separator.forwarded else "other",
        author=people.person(separator.by) if separator.by else Address(),
        date=written.value if written else None,
        date_text=written.text if written else "",
    )


def _open(lines: Lines, head: Head, stack: list[_Open]) -> _Open:
    """Where the quotation's lines begin: deeper than its head when the next line is, else at the head's own depth."""
    depth = lines.depth[head.last]
    while stack and stack[-1].level > depth:
        stack.pop()
    return _Open(head, depth + 1 if lines.deeper_below(head.last) else depth, len(stack))


def _mend(lines: Lines, flags: list[bool]) -> None:
    """A short rest of a long quoted line, alone between quoted lines, is quoted too."""
    for index in range(1, len(lines) - 1):
        if flags[index] or not (flags[index - 1] and flags[index + 1]) or not lines.text[index]:
            continue
        if len(lines.text[index - 1]) >= _WRAPPED and len(lines.text[index]) <= _BROKEN_OFF:
            flags[index] = True


def _quote(lines: Lines, one: _Open) -> Quote:
    head = one.head
    body = [lines.raw[index] for index in one.body]
    return Quote(
        author=head.author,
        recipients=head.recipients,
        date=head.date,
        date_text=head.date_text,
        subject=head.subject,
        style=head.style,
        language=head.language,
        depth=one.nesting,
        body="\n".join(body).strip("\n"),
    )
