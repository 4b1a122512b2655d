"""Which exceptions that people made bear on a mail: a fact is excepted when it is so between all people of the mail."""

from collections.abc import Sequence

from seriema.model.judgement import Exemption
from seriema.model.message import Message


def exempted(message: Message, exemptions: Sequence[Exemption]) -> tuple[Exemption, ...]:
    """One for each fact, the first to end.

    A mail that goes to others, too, is covered for none: else a thief would only have to add the right recipient.
    """
    recipients = {one.key for one in message.recipients}
    ours: dict[str, list[Exemption]] = {}
    for one in exemptions:
        if one.sender == message.sender.key and one.recipient in recipients:
            ours.setdefault(one.fact, []).append(one)
    return tuple(
        min(of_fact, key=lambda one: one.until)
        for of_fact in ours.values()
        if {one.recipient for one in of_fact} == recipients
    )
