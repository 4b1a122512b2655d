"""What opening one container came to."""

import hashlib
from dataclasses import dataclass

from seriema.model.artifact import SEVERITY, Child, State
from seriema.model.finding import Finding
from seriema.model.limits import Spent
from seriema.model.password import Candidate, Text


@dataclass(frozen=True, slots=True)
class Tries:
    """What was tried on the same bytes so far, for the next time that they are opened."""

    refused: frozenset[str] = frozenset()  #: passwords that none of its locks took
    work: float = 0.0  #: of tries that are more than a few steps
    price: float = 0.0  #: work of one more such try on each lock that is closed
    short: bool = False  #: with more of the mail's password work, more would have been tried


UNTRIED = Tries()


@dataclass(frozen=True, slots=True)
class Opened:
    """What one container held and how far it was opened. The worst state of its members is its own."""

    state: State
    state_reason: str = ""
    encrypted: bool = False
    password_source: str | None = None  #: of the first password that opened something
    children: tuple[Child, ...] = ()  #: in the directory's order, the same in every call; locked ones without content
    texts: tuple[Text, ...] = ()  #: comments in which a password may stand
    findings: tuple[Finding, ...] = ()
    spent: Spent = Spent()
    decrypted: bytes | None = None  #: the artifact's own decrypted form, for files that are themselves encrypted
    sealed: bool = False  #: it is itself encrypted and has no decrypted form yet
    passwords: tuple[Candidate, ...] = ()  #: those that opened something
    covers: bool = True  #: children and decrypted form are all there is; False leaves the rest to ``examine``
    tries: Tries = UNTRIED

    @property
    def closed(self) -> bool:
        """Something in it is locked on which more might be tried."""
        return self.state is State.LOCKED or self.tries.short

    @property
    def files_read(self) -> int:
        """How many came out of it, its own decrypted form among them."""
        return sum(child.content is not None for child in self.children) + (self.decrypted is not None)

    @property
    def decrypted_sha256(self) -> str | None:
        """SHA-256 of the decrypted form."""
        return None if self.decrypted is None else hashlib.sha256(self.decrypted).hexdigest()


def joined(one: Opened, other: Opened) -> Opened:
    """Two views of the same bytes, for instance a picture that is an archive too."""
    worst = max(one, other, key=lambda view: SEVERITY.index(view.state))
    return Opened(
        state=worst.state,
        state_reason=worst.state_reason,
        encrypted=one.encrypted or other.encrypted,
        password_source=one.password_source or other.password_source,
        children=one.children + other.children,
        texts=one.texts + other.texts,
        findings=one.findings + other.findings,
        spent=one.spent + other.spent,
        decrypted=one.decrypted or other.decrypted,
        sealed=(one.sealed or other.sealed) and not (one.decrypted or other.decrypted),
        passwords=one.passwords + other.passwords,
        covers=one.covers or other.covers,
        tries=Tries(
            one.tries.refused & other.tries.refused,
            one.tries.work + other.tries.work,
            one.tries.price + other.tries.price,
            one.tries.short or other.tries.short,
        ),
    )
