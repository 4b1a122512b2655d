"""HTML → what a reader sees, what is hidden from him, alternative texts and links (HTML Living Standard, 13 and 15.3).

The tree is lexbor's, walked once without recursion. Quoted blocks become lines that begin with "> ", rules and
signature containers become the lines that plain text has for them, so that one splitter serves both. Hidden text is
kept apart: it is written for filters that take it for what the person sees, and for those that never look at it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from seriema.message import links, styles
from seriema.message.page import Page
from seriema.message.shallow import shallow
from seriema.model.limits import Limits

_SOURCE_FACTOR = 4  #: characters of HTML looked at for each character of text allowed
_MAX_NODES = 200_000
_ANY_TAG = re.compile(r"<[^<>]{1,2000}>")
_COMMENT_TAGS = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[ \t\r\n\x0c]+")
_REFRESH = re.compile(r"url\s{0,20}=\s{0,20}['\"]?([^'\"\s]{1,4000})", re.IGNORECASE)
_MAX_QUOTE_DEPTH = 30

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PARAGRAPHS = frozenset((*_HEADINGS, "p", "ul", "ol", "dl", "blockquote", "table"))
_BLOCKS = _PARAGRAPHS | frozenset(
    (
        *("address", "article", "aside", "body", "caption", "center", "dd", "details", "dir", "div", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "header", "hr", "html", "li", "main", "menu", "nav", "option"),
        *("pre", "section", "summary", "tbody", "tfoot", "thead", "tr"),
    ),
)
_UNREAD = frozenset({"script", "style", "template", "noembed", "object", "svg:style"})
_RULE_LINE = "_" * 32
_SIGNATURES = re.compile(
    r"gmail_signature\b(?!_)|moz-signature|applemailsignature|ms-outlook-mobile-signature|(?:^|\bx_)signature$"
)
#: Elements that lead somewhere, and by which attribute.
_TARGETS = {
    "a": ("href", "xlink:href"),
    "area": ("href",),
    "form": ("action",),
    "button": ("formaction",),
    "input": ("formaction",),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one HTML text shows and hides. ``links`` are (offset in ``visible`` or -1 when hidden, shown, target)."""

    visible: str = ""
    hidden: str = ""  #: by style; title and comments are ``aside``
    aside: str = ""
    alt: str = ""
    links: tuple[tuple[int, str, str], ...] = ()
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    """How text looks at one place of the tree."""

    hidden: bool = False
    invisible: bool = False
    colour: styles.Colour = styles.BLACK
    background: styles.Colour | None = styles.WHITE
    quote: int = 0
    preformatted: bool = False
    unseen: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        same = self.background is not None and styles.same(self.colour, self.background)
        object.__setattr__(self, "unseen", self.hidden or self.invisible or same)


@dataclass(slots=True)
class _Anchor:
    offset: int
    target: str
    shown: list[str] = field(default_factory=list)


def read(source: str, limits: Limits) -> Seen:
    """Read one HTML text. Cut sources and trees are read as far as the limits allow, the rest as text without tags."""
    repairs: list[str] = []
    cut = source[: limits.text_chars * _SOURCE_FACTOR]
    if len(cut) < len(source):
        repairs.append("mail.limit-html")
    cut, rest, changed = shallow(cut)
    repairs += ["mail.limit-html"] * changed
    try:
        tree = LexborHTMLParser(cut)
    except (SelectolaxError, ValueError):
        text = _ANY_TAG.sub(" ", cut)
        return Seen(visible=text[: limits.text_chars], repairs=("mail.html-unreadable",))
    walk = _Walk(tree, limits)
    walk.run()
    repairs += walk.repairs
    visible = "".join(walk.page.parts).rstrip() + (f"\n{_ANY_TAG.sub(' ', rest)}" if rest else "")
    if len(visible) > limits.text_chars:
        visible = visible[: limits.text_chars]
        repairs.append("mail.limit-text")
    return Seen(
        visible=visible,
        hidden=_lines(walk.hidden, limits),
        aside=_lines(walk.aside, limits),
        alt=_lines(walk.alt, limits),
        links=tuple(walk.found),
        repairs=tuple(dict.fromkeys(repairs)),
    )


def _lines(pieces: list[str], limits: Limits) -> str:
    return "\n".join(line for piece in pieces if (line := " ".join(piece.split())))[: limits.text_chars]


#: Acts on one element and gives the look of what is inside it, None when that is not to be read.
_Handler = Callable[["_Walk", LexborNode, dict[str, str | None], _Look], _Look | None]


class _Walk:
    """One walk over one tree."""

    def __init__(self, tree: LexborHTMLParser, limits: Limits) -> None:
        self.root = tree.root
        self.limits = limits
        self.page = Page()
        self.hidden: list[str] = []
        self.aside: list[str] = []
        self.alt: list[str] = []
        self.found: list[tuple[int, str, str]] = []
        self.repairs: list[str] = []
        self.anchor: _Anchor | None = None
        self.base = ""
        self.styles: dict[str, styles.Style] = {}
        self.rules = self._sheets(tree)

    def _sheets(self, tree: LexborHTMLParser) -> dict[str, styles.Style]:
        """Hiding rules by simple selector, such as ".x", "#y" and "p.z"."""
        rules: dict[str, styles.Style] = {}
        for node in tree.css("style")[:20]:
            rules.update(styles.hiding_selectors(node.text()))
        return rules

    def run(self) -> None:
        """Go through the nodes in document order; the way back up is on our own stack."""
        node: LexborNode | None = self.root
        look, stack, count = _Look(), [], 0
        while node is not None:
            count += 1
            if count > _MAX_NODES or self.page.length > self.limits.text_chars:
                self.repairs.append("mail.limit-html" if count > _MAX_NODES else "mail.limit-text")
                break
            inner = self._enter(node, look)
            child = node.child if inner is not None else None
            if child is not None and inner is not None:
                stack.append((node, look))
                node, look = child, inner
                continue
            self._leave(node, look if inner is None else inner)
            while node is not None:
                following = node.next
                if following is not None:
                    node = following
                    break
                if not stack:
                    node = None
                    break
                inner, (node, look) = look, stack.pop()
                self._leave(node, inner)
        self._end_anchor()

    def _enter(self, node: LexborNode, look: _Look) -> _Look | None:
        """Write what a node shows; the look of what is inside it, None when that is not to be read."""
        tag = node.tag
        if tag == "-text":
            self._text(node.text_content or "", look)
            return None
        if tag == "-comment":
            self._comment(node)
            return None
        if tag is None or tag in _UNREAD:
            return None
        attributes = node.attributes
        if attributes:
            look = self._styled(tag, attributes, look)
        elif tag in self.rules:
            look = _with(look, self.rules[tag])
        if tag in _BLOCKS:
            self._block(tag, attributes, look)
        if tag == "blockquote":
            return replace(look, quote=min(look.quote + 1, _MAX_QUOTE_DEPTH))
        return self._element(node, tag, attributes, look)

    def _element(self, node: LexborNode, tag: str, attributes: dict[str, str | None], look: _Look) -> _Look | None:
        """What one kind of element does on its own account."""
        handler = self.handlers.get(tag)
        after = handler(self, node, attributes, look) if handler is not None else look
        if tag in _TARGETS:
            self._target(tag, attributes, look)
        return after

    def _line_break(self, _node: LexborNode, _attributes: dict[str, str | None], look: _Look) -> _Look:
        self.page.new_line(look.quote)
        return look

    def _cell(self, _node: LexborNode, _attributes: dict[str, str | None], look: _Look) -> _Look:
        if self.page.line_open:
            self.page.text("\t", look.quote)
        return look

    def _pre(self, _node: LexborNode, _attributes: dict[str, str | None], look: _Look) -> _Look:
        return replace(look, preformatted=True)

    def _title(self, node: LexborNode, _attributes: dict[str, str | None], _look: _Look) -> None:
        self.aside.append(node.text())

    def _unshown(self, _node: LexborNode, _attributes: dict[str, str | None], look: _Look) -> _Look:
        return replace(look, hidden=True)

    def _input(self, _node: LexborNode, attributes: dict[str, str | None], look: _Look) -> _Look:
        hidden = attributes.get("type") == "hidden"
        self._text(attributes.get("value") or "", replace(look, hidden=True) if hidden else look)
        return look

    def _base(self, _node: LexborNode, attributes: dict[str, str | None], look: _Look) -> _Look:
        self.base = self.base or (attributes.get("href") or "").strip()
        return look

    def _leave(self, node: LexborNode, look: _Look) -> None:
        tag = node.tag
        if tag == "a":
            self._end_anchor()
        if tag == "hr" and not look.unseen:
            self.page.text(_RULE_LINE, look.quote)
        if tag in _BLOCKS:
            self.page.end_line()
            if tag in _PARAGRAPHS and not _is_tight(node):
                self.page.paragraph(max(0, look.quote - (tag == "blockquote")))

    def _block(self, tag: str, attributes: dict[str, str | None], look: _Look) -> None:
        self.page.end_line()
        if tag == "li" and not look.unseen:
            self.page.text("* ", look.quote)
        name = (attributes.get("class") or attributes.get("id") or "").lower() if attributes else ""
        if name and "signature" in name and _SIGNATURES.search(name) and not self._after_dashes():
            self.page.text("--", look.quote)
            self.page.end_line()

    def _after_dashes(self) -> bool:
        return "".join(self.page.parts[-6:]).rstrip().endswith("--")

    def _text(self, text: str, look: _Look) -> None:
        if look.unseen:
            if text.strip():
                self.hidden.append(text)
            if self.anchor is not None and self.anchor.offset < 0:
                self.anchor.shown.append(text)
            return
        if look.preformatted:
            self._preformatted(text, look)
            return
        text = _SPACES.sub(" ", text)
        self.page.text(text, look.quote)
        if self.anchor is not None:
            self.anchor.shown.append(text)

    def _preformatted(self, text: str, look: _Look) -> None:
        first, *lines = text.replace("\r\n", "\n").split("\n")
        self.page.verbatim(first, look.quote)
        for line in lines:
            self.page.new_line(look.quote)
            self.page.verbatim(line, look.quote)
        if self.anchor is not None:
            self.anchor.shown.append(text)

    def _comment(self, node: LexborNode) -> None:
        """Conditional comments hold what Outlook alone shows; their text is kept aside like any comment's."""
        text = _COMMENT_TAGS.sub(" ", (node.comment_content or "")[:20_000]).strip()
        if text.startswith("[if"):
            text = text.partition("]>")[2].removesuffix("<![endif]")
        if text:
            self.aside.append(text)

    def _styled(self, tag: str, attributes: dict[str, str | None], look: _Look) -> _Look:
        if self.rules:
            for name in (tag, *_selectors(tag, attributes)):
                if name in self.rules:
                    look = _with(look, self.rules[name])
        text = attributes.get("style")
        if text:
            style = self.styles.get(text)
            if style is None:
                style = self.styles[text] = styles.read(text)
            look = _with(look, style)
        if "hidden" in attributes:
            look = replace(look, hidden=True)
        ink = attributes.get("color") if tag == "font" else attributes.get("text") if tag == "body" else None
        paper = attributes.get("bgcolor")
        if ink or paper:
            look = _with(look, styles.Style(colour=styles.colour(ink or ""), background=styles.colour(paper or "")))
        if attributes.get("background"):
            look = replace(look, background=None)
        return look

    def _picture(self, _node: LexborNode, attributes: dict[str, str | None], look: _Look) -> _Look:
        alt = attributes.get("alt") or attributes.get("title")
        if alt and alt.strip():
            self.alt.append(alt)
            if self.anchor is not None and not look.unseen:
                self.anchor.shown.append(f" {alt} ")
        return look

    def _refresh(self, _node: LexborNode, attributes: dict[str, str | None], look: _Look) -> _Look:
        if (attributes.get("http-equiv") or "").lower() == "refresh":
            found = _REFRESH.search((attributes.get("content") or "")[:8_000])
            if found:
                self._found(-1, "", found[1])
        return look

    def _target(self, tag: str, attributes: dict[str, str | None], look: _Look) -> None:
        reference = next((value for name in _TARGETS[tag] if (value := attributes.get(name))), "")
        if not reference or reference.startswith("#"):
            return
        if tag == "a":
            self._end_anchor()
            self.anchor = _Anchor(-1 if look.unseen else self.page.length, reference)
        else:
            self._found(-1 if look.unseen else self.page.length, "", reference)

    def _end_anchor(self) -> None:
        if self.anchor is not None:
            anchor, self.anchor = self.anchor, None
            self._found(anchor.offset, "".join(anchor.shown), anchor.target)

    def _found(self, offset: int, shown: str, reference: str) -> None:
        if len(self.found) >= self.limits.links:
            self.repairs.append("mail.limit-links")
            return
        self.found.append((offset, shown, links.target(reference, self.base)))

    #: What elements do beside making blocks and lines. To read another kind of element, add a line here.
    handlers: ClassVar[dict[str, _Handler]] = {
        "br": _line_break,
        "td": _cell,
        "th": _cell,
        "img": _picture,
        "pre": _pre,
        "title": _title,
        "iframe": _unshown,
        "noframes": _unshown,
        "datalist": _unshown,
        "input": _input,
        "base": _base,
        "meta": _refresh,
    }


def _with(look: _Look, style: styles.Style) -> _Look:
    """The look inside an element of this style."""
    hidden = look.hidden or style.hides
    invisible = look.invisible if style.invisible is None else style.invisible
    colour = style.colour or look.colour
    background = style.background or (None if style.covered else look.background)
    if (hidden, invisible, colour, background) == (look.hidden, look.invisible, look.colour, look.background):
        return look  # the ordinary case: most styles say nothing about seeing
    return _Look(
        hidden=hidden,
        invisible=invisible,
        colour=colour,
        background=background,
        quote=look.quote,
        preformatted=look.preformatted,
    )


def _selectors(tag: str, attributes: dict[str, str | None]) -> list[str]:
    names = [f".{name}" for name in (attributes.get("class") or "").lower().split()[:20]]
    if attributes.get("id"):
        names.append(f"#{(attributes['id'] or '').lower()}")
    return [*names, *(tag + name for name in names)]


def _is_tight(node: LexborNode) -> bool:
    """Outlook makes every line a paragraph without space between."""
    return node.tag == "p" and (node.attributes.get("class") or "").startswith(("Mso", "x_Mso"))
