"""Which HTML a reader does not see: the inline styles, attributes and simple style sheets that hide text.

CSS 2.2 and the Microsoft extension ``mso-hide``. Only what mail really uses to hide is recognised; what is not
recognised counts as visible, so that nothing a person can read is taken for hidden.
"""

import re
from dataclasses import dataclass

_MAX_RULES = 200
_MAX_SHEET = 200_000
_DECLARATION = re.compile(r"([a-z-]+):([^;]*)")
_ZERO = re.compile(r"0*(?:\.0*)?[01]?(?:px|pt|em|rem|ex|%|in|cm|mm)?(?:!important)?\Z")
_NAUGHT = re.compile(r"0+(?:\.0*)?(?:px|pt|em|rem|ex|%|in|cm|mm)?(?:!important)?\Z")
_FAR = re.compile(r"-\d{3,}")
_SMALL_SCALE = re.compile(r"scale[xy]?\(0")
_RULE = re.compile(r"([^{}@]{1,300})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"[a-z0-9]*(?:[.#][\w-]+)?\Z")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\Z")
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,([\d.]{1,6}))?")
_NEAR = 24  #: steps of all three channels together that no eye tells apart

_NAMED = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245),
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "green": (0, 128, 0),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "navy": (0, 0, 128),
    "windowtext": (0, 0, 0),
    "window": (255, 255, 255),
}

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Style:
    """What one element's style says about seeing its text. None: it says nothing."""

    hides: bool = False  #: this element and all in it
    invisible: bool | None = None  #: visibility and font size: an element inside may undo it
    colour: Colour | None = None
    background: Colour | None = None
    covered: bool = False  #: a background picture: what its colour is cannot be told


NONE = Style()


def read(style: str) -> Style:
    """The style of one ``style`` attribute or rule body."""
    text = "".join(style.lower().split())
    declared = dict(_DECLARATION.findall(text[:4_000]))
    if not declared:
        return NONE
    background = declared.get("background-color") or declared.get("background", "")
    return Style(
        hides=_hides(declared),
        invisible=_invisible(declared),
        colour=colour(declared.get("color", "")),
        background=colour(background),
        covered="url(" in background or "url(" in declared.get("background-image", "") or "gradient" in background,
    )


def _hides(declared: dict[str, str]) -> bool:
    get = declared.get
    clipped = "hidden" in get("overflow", "") or "hidden" in get("overflow-y", "")
    return (
        get("display", "").startswith("none")
        or get("mso-hide", "").startswith("all")
        or bool(_NAUGHT.match(get("opacity", "1")))
        or (clipped and any(_ZERO.match(get(name, "9")) for name in ("height", "max-height", "width", "max-width")))
        or any(_FAR.match(get(name, "")) for name in ("left", "top", "text-indent", "margin-left", "margin-top"))
        or bool(_SMALL_SCALE.search(get("transform", "")))
        or "rect(0" in get("clip", "")
        or get("color", "").startswith("transparent")
    )


def _invisible(declared: dict[str, str]) -> bool | None:
    visibility = declared.get("visibility", "")
    if visibility.startswith(("hidden", "collapse")):
        return True
    size = declared.get("font-size", "")
    if size:
        return bool(_ZERO.match(size))
    return False if visibility.startswith("visible") else None


def colour(text: str) -> Colour | None:
    """A CSS or HTML colour; None for what is not understood, transparent included."""
    text = text.strip().lower().removesuffix("!important")
    found = _HEX.match(text if text.startswith("#") else f"#{text}")
    if found:
        digits = found[1] if len(found[1]) > 3 else "".join(digit * 2 for digit in found[1])  # noqa: PLR2004 - #abc is #aabbcc
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    found = _RGB.match(text)
    if found:
        if found[4] and not found[4].strip("0."):
            return None
        return min(255, int(found[1])), min(255, int(found[2])), min(255, int(found[3]))
    return _NAMED.get(text)


def same(one: Colour, other: Colour) -> bool:
    """Whether text in one colour on the other cannot be read."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) <= _NEAR


def hiding_selectors(sheet: str) -> list[tuple[str, Style]]:
    """The simple selectors (element, class, id) of a style sheet whose rules hide or colour, in order."""
    out: list[tuple[str, Style]] = []
    for number, rule in enumerate(_RULE.finditer(sheet[:_MAX_SHEET])):
        if number >= _MAX_RULES:
            break
        style = read(rule[2])
        if style.hides or style.invisible:
            names = (name.strip().lower() for name in rule[1].split(","))
            out += ((name, style) for name in names if name and _SIMPLE.match(name))
    return out
