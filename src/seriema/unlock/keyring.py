"""The passwords of one mail under way: what it says in every text that turns up, beside what is known from outside it.

Texts come in as parts, members and pictures are read; the candidates in them are dear to find, so they are read out
once for the same texts.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from seriema.model.limits import Limits
from seriema.model.message import Address
from seriema.model.password import Candidate, Text
from seriema.unlock import mentions, order, passwords

#: Text of one mail in which passwords are looked for, all pieces together.
SEARCHED_CHARS = 1_000_000
#: Candidates of one mail that are offered to other mails' locked files.
OFFERED = 20
#: Candidates that are kept with a file for which the work of trying them was not enough.
KEPT_CANDIDATES = 400


class Keyring:
    """Who wrote when is part of many a password: the sender's name and company, the mail's date."""

    def __init__(
        self,
        outside: tuple[Candidate, ...],
        sender: Address,
        sent: datetime | None,
        refused: tuple[Candidate, ...] = (),
    ) -> None:
        self._outside = outside
        self._refused = refused
        self._something_opened = False
        self._texts: list[Text] = []
        self._chars = 0
        self._read_out: tuple[int, tuple[Candidate, ...]] | None = None
        self.written(sender, sent)

    def written(self, sender: Address, sent: datetime | None) -> None:
        """By whom and when, once the mail itself was read."""
        self._sender, self._sent = sender, sent

    def hear(self, texts: Iterable[Text]) -> None:
        """Remember texts in which a password may stand, up to the searched size."""
        for text in texts:
            room = SEARCHED_CHARS - self._chars
            if text.content and room > 0:
                self._texts.append(text if len(text.content) <= room else Text(text.source, text.content[:room]))
                self._chars += min(room, len(text.content))

    def opened(self) -> None:
        """Something opened: what its own mail named may open what lies behind it."""
        self._something_opened = True

    def candidates(self, limits: Limits) -> tuple[Candidate, ...]:
        """What to try, each value once: what this mail says and what is known from outside it."""
        outside = (*self._outside, *self._refused) if self._something_opened else self._outside
        return order.in_order(self._named(limits), outside, self._sent)

    def of_its_mail(self, limits: Limits, *, all_of_them: bool) -> tuple[Candidate, ...]:
        """What the mail itself named: a few for what lies in a file, more when they could not all be tried."""
        named = (*order.of_its_mail((*self._outside, *self._refused)), *self._named(limits))
        return named[: KEPT_CANDIDATES if all_of_them else OFFERED]

    def offered(self, limits: Limits) -> Sequence[Candidate]:
        """The passwords this mail names in its own words; what it quotes, the quoted mail offered itself."""
        own = [text for text in self._texts if text.source != "quoted"]
        if not mentions.mentions_password(own):
            return ()
        if self._read_out is None:
            return self._found(own, limits)[:OFFERED]
        return [one for one in self._read_out[1] if one.source != "quoted"][:OFFERED]

    def announced(self) -> bool:
        """Whether the mail says that its password follows separately."""
        return mentions.announced(self._texts)

    def _named(self, limits: Limits) -> tuple[Candidate, ...]:
        if self._read_out is None or self._read_out[0] != len(self._texts):
            self._read_out = (len(self._texts), self._found(self._texts, limits))
        return self._read_out[1]

    def _found(self, texts: list[Text], limits: Limits) -> tuple[Candidate, ...]:
        company = self._sender.domain.partition(".")[0]
        names = tuple(one for one in (self._sender.name, company) if one)
        return passwords.candidates(texts, limits, names=names, dates=(self._sent,) if self._sent else ())
