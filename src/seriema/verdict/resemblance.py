"""Domains that are made to be mistaken for another one: by a letter, by look, by what is added around it."""

from functools import lru_cache

#: What looks alike in the fonts of mail programs (a choice from Unicode TR 39, "confusables", and pairs of letters).
_LOOKS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("-", ""))
#: Names shorter than this differ by a letter by chance.
_LEAST = 5


def same_house(one: str, other: str) -> bool:
    """One of the two domains is the other, or lies below it."""
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


@lru_cache(4_096)
def resembles(domain: str, known: str) -> bool:
    """``domain`` is not ``known`` and may be taken for it. Both in lower case.

    By one letter changed, added, left out or swapped, by letters that look alike, by the whole of the known name
    standing before another domain (``bank.test.evil.example``), or with a word added by a hyphen. The same name under
    another ending is no sign: firms have several.
    """
    if same_house(domain, known) or "." not in domain or "." not in known:
        return False
    if f"{domain}.".startswith(f"{known}."):
        return True
    mine, theirs = _name(domain), _name(known)
    if len(theirs) < _LEAST or not mine or mine == theirs:
        return False
    if _look(mine) == _look(theirs) or theirs in mine.split("-") or mine.replace("-", "") == theirs:
        return True
    return _one_step(mine, theirs)


def _name(domain: str) -> str:
    """The longest label but the last: what people read as the name."""
    return max(domain.split(".")[:-1], key=len, default="")


def _look(name: str) -> str:
    for written, seen in _LOOKS:
        name = name.replace(written, seen)
    return name


def _one_step(one: str, other: str) -> bool:
    """One letter differs, is missing or is more, or two neighbours are swapped (Damerau 1964)."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return len(one) != len(other)
    rest_one, rest_other = one[start:], other[start:]
    swapped = rest_one[:2] == rest_other[1::-1] and rest_one[2:] == rest_other[2:]
    return rest_one[1:] == rest_other[1:] or rest_one[1:] == rest_other or rest_one == rest_other[1:] or swapped
