"""Where a text speaks of a password, and whether it says that the password comes another way."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seriema.model.password import Text
from seriema.unlock.views import MIXED, View, cyrillicised, latinised, view
from seriema.unlock.words import Vocabulary, folded, vocabulary

#: Mentions looked at in one text. More are a decoy; the candidates themselves are found without any mention too.
_MOST = 400
#: A shorter stem, or one of several words, counts only where a word begins: "format made" holds "mat ma".
_COMPOUNDING = 6
#: Endings that a stem may take (jelszóval, паролем, salasanalla).
_ENDING = 14
#: How far wording about another way may stand from the word for password.
_NEAR = 160
#: Characters of one text searched for such wording.
_SEARCHED = 20_000
#: Sources of what the sender wrote in this mail.
_OWN_WORDS = frozenset({"body", "subject", "picture"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A word for password: its place in the plain view, and whether it can hardly mean anything else."""

    start: int
    end: int
    strong: bool
    stem_end: int  #: before the ending that the word may have taken


def mentions(seen: View, words: Vocabulary) -> list[Mention]:
    """All mentions in their order, without overlaps; the longer and stronger one wins."""
    found: list[Mention] = []
    texts = [seen.folded]
    if MIXED.search(seen.plain):
        texts += [folded(latinised(seen.plain)), folded(cyrillicised(seen.plain))]
    for text in texts:
        found += _found(text, seen.plain, words.strong, strong=True, whole=False)
        found += _found(text, seen.plain, words.whole, strong=True, whole=True)
        found += _found(text, seen.plain, words.weak, strong=False, whole=True)
    found.sort(key=lambda each: (each.start, not each.strong, -each.end))
    kept: list[Mention] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif each.strong and not kept[-1].strong:
            kept[-1] = each
    return kept[:_MOST]


def _found(text: str, plain: str, stems: Sequence[str], *, strong: bool, whole: bool) -> Iterator[Mention]:
    for stem in stems:
        bounded = whole or " " in stem or (len(stem) < _COMPOUNDING and stem[0].isascii())
        spaceless = _spaceless(stem)
        at, count = text.find(stem), 0
        while at >= 0 and count < _MOST:
            start, end = at, at + len(stem)
            if not spaceless:
                start, end = (start, end) if bounded else (_word_start(text, start), end)
                end = end if whole else _word_end(plain, end)
            if spaceless or not ((bounded and _letter(text, start - 1)) or (whole and _letter(text, end))):
                yield Mention(start, end, strong, at + len(stem))
            at, count = text.find(stem, at + len(stem)), count + 1


def _spaceless(stem: str) -> bool:
    """Whether its script writes no spaces (kana, kanji, Thai …), so that words begin and end anywhere."""
    return "\u0e00" <= stem[0] <= "\u0eff" or "\u3040" <= stem[0] <= "\u9fff"


def _letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalpha() and not _spaceless(text[at])


def _word_start(text: str, start: int) -> int:
    first = max(0, start - _ENDING)
    while start > first and _letter(text, start - 1):
        start -= 1
    return start


def _word_end(plain: str, end: int) -> int:
    """Behind its ending, which a capital letter after a small one does not belong to (``passwordU4613``)."""
    last = end + _ENDING
    while end < last and _letter(plain, end) and not (plain[end].isupper() and plain[end - 1].islower()):
        end += 1
    return end


def announced(texts: Iterable[Text]) -> bool:
    """Whether a mail says that its password comes another way: a second mail, the telephone, later (PPAP and its kin).

    Only what the sender wrote now counts, not what is quoted.
    """
    return any(_apart(view(text.content[:_SEARCHED]), vocabulary()) for text in texts if text.source in _OWN_WORDS)


def _apart(seen: View, words: Vocabulary) -> bool:
    places = [each for each in mentions(seen, words) if each.strong]
    if not places:
        return False
    text = " ".join(seen.folded.split("\n"))
    return any(
        phrase in text[max(0, each.start - _NEAR) : each.end + _NEAR] for each in places for phrase in words.apart
    )


#: Pieces of the main words, in the letters they are written with: few, as each costs a pass over every mail. In ASCII
#: text only the first lot is looked for. A test keeps every language represented.
_QUICK_ASCII = (
    "pasw", "pwd", "psw", "pw", "paro", "kennw", "clave", "contrasen", "contrasi", "senha", "palav", "wacht", "adgang",
    "kodeo", "senord", "salas", "hasl", "hesl", "jelsz", "sifr", "lozink", "zapork", "gesl", "sandi", "mdp", "mat k",
    "lykil", "slapta", "nenos", "hudy", "pasah", "cyfrin", "pasfh", "jalek", "wagw",
)  # fmt: skip
_QUICK_OTHER = (
    "contrase", "løsen", "hasł", "šifr", "şifr", "mật kh", "парол", "лозинк", "шифр", "құпи", "нууц", "κωδικ", "συνθημ",
    "סיסמ", "ססמ", "كلمة", "كلمه", "کلمه", "السري", "رمز", "باسو", "گذرو", "پسور", "پاس", "पास", "कूट", "পাস",
    "รหัส", "พาส", "パス", "ぱす", "暗証", "解凍", "復号", "合言", "閲覧キ", "密码", "密碼", "口令", "解压", "解壓",
    "提取", "通行", "密钥", "密鑰", "비밀", "암호", "패스", "비번", "პარ", "գաղտ", "கடவு", "ｐ",
    "jalëk", "\u200b", "\u00ad", "\u2060", "\ufeff",
)  # fmt: skip
_BEGINNING = 4_000


def mentions_password(texts: Iterable[Text]) -> bool:
    """Whether the sender speaks of a password in the beginning of body or subject. Quick: most mails cost 0.02 ms."""
    for text in texts:
        if text.source in _OWN_WORDS:
            begin = text.content[:_BEGINNING]
            if _may_mention(begin.lower()) and any(each.strong for each in mentions(view(begin), vocabulary())):
                return True
    return False


#: What follows or precedes ``pass`` in a word for password, as it does not in ``passing on`` or ``passage``.
_PASS = re.compile(r"pass(?:[ _-]?[wcpk]|or|fr|[:=]| [:=]| is\b)|(?:de|ra|t)[ -]?passe|motdepasse")


def _may_mention(lower: str) -> bool:
    if "pass" in lower and _PASS.search(lower):
        return True
    if any(piece in lower for piece in _QUICK_ASCII):
        return True
    if lower.isascii():
        return False
    return any(piece in lower for piece in _QUICK_OTHER) or MIXED.search(lower) is not None
