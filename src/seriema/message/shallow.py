"""HTML made harmless to its parser.

The tree builder's time grows with depth times length, and with the square of one element's attributes (measured: 50,000
nested lists take 9 s, 100,000 attributes 11 s). Both are bounded before it starts.
"""

import re

_SMALL = 8_192  #: sources below this cannot be deep enough to cost anything
_MAX_DEPTH = 500
_MAX_TAG = 4_096
_MAX_ATTRIBUTES = 200
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})([^>]*)>")

#: Elements that the parser closes by itself: unclosed ones do not nest.
_SELF_CLOSING = frozenset(
    (
        *(
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "param",
            "source",
            "track",
            "wbr",
        ),
        *("p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot"),
    ),
)


def shallow(source: str) -> tuple[str, str, bool]:
    """The source up to where it nests too deep for the parser, the rest, and whether anything was changed.

    The tree builder's time grows with depth times length, and with the square of one element's attributes.
    """
    if len(source) <= _SMALL:
        return source, "", False
    depth, position = 0, 0
    out: list[str] = []
    for tag in _TAG.finditer(source):
        if len(tag[3]) > _MAX_TAG and len(tag[3].split(None, _MAX_ATTRIBUTES)) > _MAX_ATTRIBUTES:
            out += (source[position : tag.start()], tag.group()[:_MAX_TAG], ">")
            position = tag.end()
        if tag[2].lower() in _SELF_CLOSING:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _MAX_DEPTH:
            return "".join((*out, source[position : tag.start()])), source[tag.start() :], True
    return "".join((*out, source[position:])), "", bool(out)
