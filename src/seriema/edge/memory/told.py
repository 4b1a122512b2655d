"""Everything remembered that bears on one mail, gathered with few look-ups and read as of a moment."""

from collections.abc import Iterable, Sequence

from seriema.edge.memory import acts, others, records
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.facts import others as recipients_of
from seriema.edge.memory.facts import pair_keys, text, within
from seriema.edge.memory.habits import DAY, DAYS
from seriema.edge.memory.history import answers_seen, pair_history, sender_history
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.recall import AsOf
from seriema.edge.memory.records import Mark, PairHabit, SenderHabit, moment
from seriema.model.history import History, OrganisationHistory, PairHistory, SenderHistory
from seriema.model.message import Message

#: Recipients of the mail whose answers to a namesake are looked at where nobody said which domains are ours.
_ASKED = 4


class Told:
    """One look-up of history."""

    def __init__(self, rows: Rows, keyring: Keyring, own_domains: frozenset[str], asking: AsOf) -> None:
        self._rows, self._keyring, self._own, self._asking = rows, keyring, own_domains, asking

    def history(self, message: Message) -> History:
        """Of the sender, of it with each of the first recipients, of others."""
        rows, keyring = self._rows, self._keyring
        sender = text(message.sender.key)
        own = acts.own_key(message.message_id, message.sha256[:32], keyring)
        pairs = pair_keys(message, keyring)
        recipients = recipients_of(message)
        domain = others.organisation_of(recipients, message.sender.key, self._own)
        organisation = acts.came_key(domain, keyring)
        shown = acts.name(text(message.sender.name), keyring)
        rows.load((own, keyring.number("sender", sender), organisation, *(key for _, key, _ in pairs)))
        self._asking = self._asking.of(rows.documents(one for one in rows.ring(own) if one > 0).values())
        mails, since = rows.before(self._asking.before, self._asking.number)
        days = self._answers(sender, [(key, one) for one, key, _ in pairs])
        return History(
            mails=mails,
            since=None if since is None else moment(since),
            sender=self._sender(sender, days, recipients) if sender else SenderHistory(),
            pairs=tuple(self._pair(one, key, way) for one, key, way in pairs),
            organisation=self._organisation(domain, organisation, sender),
            namesakes=() if shown is None else others.namesakes(self._bearers(shown, sender, recipients)),
        )

    def _sender(self, sender: str, days: tuple[Mark, ...], recipients: Iterable[str]) -> SenderHistory:
        habit = self._sums(sender)
        if habit is None:
            return SenderHistory(answered_days=len(days))
        hashed = [acts.who(one, self._keyring) for one in recipients]
        return sender_history(self._rows, self._keyring, habit, self._asking, days, hashed[: acts.RECIPIENTS])

    def _pair(self, recipient: str, key: int, way: int) -> PairHistory:
        habit = self._pair_sums(key)
        if habit is None:
            return PairHistory(recipient)
        days = self._answered(habit, recipient, way)
        return pair_history(self._rows, habit, recipient, way, self._asking, days)

    def _organisation(self, domain: str, key: int, sender: str) -> OrganisationHistory:
        account = acts.who(sender, self._keyring)
        return others.organisation_history(domain, others.came(self._rows, key), account, self._asking)

    def _bearers(self, key: int, sender: str, recipients: Sequence[str]) -> list[tuple[str, tuple[Mark, ...]]]:
        """Others who bear the sender's name, with the days on which our people answered them."""
        found = []
        for address in others.bearers(self._rows, key, sender, self._asking):
            asked = [one for one in map(text, recipients[:_ASKED]) if one != address]
            pairs = [(acts.pair_key(address, one, self._keyring), one) for one in asked]
            found.append((address, self._answers(address, pairs)))
        return found

    def _answers(self, sender: str, pairs: Sequence[tuple[int, str]]) -> tuple[Mark, ...]:
        """The days on which our people wrote to a mailbox; who they are if nobody said so: this mail's recipients."""
        if self._own:
            habit = self._sums(sender)
            return answers_seen(habit.answers, habit.condemned, self._asking) if habit else ()
        by_day: dict[int, Mark] = {}
        self._rows.load(key for key, _ in pairs)
        for key, recipient in pairs:
            pair = self._pair_sums(key)
            for mark in self._answered(pair, recipient, acts.way(sender, recipient)) if pair else ():
                by_day[mark[0] // DAY] = min(mark, by_day.get(mark[0] // DAY, mark))
        return tuple(by_day[day] for day in sorted(by_day))[-DAYS:]

    def _answered(self, habit: PairHabit, recipient: str, way: int) -> tuple[Mark, ...]:
        """The days on which the recipient, if it is one of ours, wrote to the sender."""
        if self._own and not within(recipient, self._own):
            return ()
        return answers_seen(habit.ways[1 - way].answers, habit.condemned, self._asking)

    def _sums(self, sender: str) -> SenderHabit | None:
        value = self._rows.entry(self._keyring.number("sender", sender))
        return records.sender_habit(value) if value else None

    def _pair_sums(self, key: int) -> PairHabit | None:
        value = self._rows.entry(key)
        return records.pair_habit(value) if value else None
