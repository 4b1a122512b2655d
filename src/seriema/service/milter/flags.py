"""What is negotiated: which changes a filter may ask for and which steps it is spared (libmilter, mfdef.h, mfapi.h)."""

from enum import IntFlag

#: The newest version spoken here, and the oldest one understood.
VERSION, OLDEST = 6, 2


class Actions(IntFlag):
    """Changes that a filter may ask for (SMFIF_*)."""

    ADD_HEADERS = 0x01
    CHANGE_BODY = 0x02
    ADD_RECIPIENTS = 0x04
    DELETE_RECIPIENTS = 0x08
    CHANGE_HEADERS = 0x10
    QUARANTINE = 0x20


class Steps(IntFlag):
    """What is left out or need not be answered, and how much more is offered (SMFIP_*)."""

    NO_CONNECT = 0x01
    NO_HELO = 0x02
    NO_MAIL = 0x04
    NO_RCPT = 0x08
    NO_BODY = 0x10
    NO_HEADERS = 0x20
    NO_END_OF_HEADERS = 0x40
    UNANSWERED_HEADERS = 0x80
    NO_UNKNOWN = 0x100
    NO_DATA = 0x200
    SKIP = 0x400
    REJECTED_RECIPIENTS = 0x800
    UNANSWERED_CONNECT = 0x1000
    UNANSWERED_HELO = 0x2000
    UNANSWERED_MAIL = 0x4000
    UNANSWERED_RCPT = 0x8000
    UNANSWERED_DATA = 0x10000
    UNANSWERED_UNKNOWN = 0x20000
    UNANSWERED_END_OF_HEADERS = 0x40000
    UNANSWERED_BODY = 0x80000
    LEADING_SPACE = 0x100000


#: What each version knows; a bit beyond that is not asked for (mfdef.h: SMFI_V2_PROT, and the bits added in 3, 4, 6).
ACTIONS_OF_2 = Actions.ADD_HEADERS | Actions.CHANGE_BODY | Actions.ADD_RECIPIENTS | Actions.DELETE_RECIPIENTS
ACTIONS_OF_2 |= Actions.CHANGE_HEADERS | Actions.QUARANTINE
STEPS_OF_2 = Steps(0x7F)
STEPS_OF_3 = STEPS_OF_2 | Steps.UNANSWERED_HEADERS | Steps.NO_UNKNOWN
STEPS_OF_4 = STEPS_OF_3 | Steps.NO_DATA
STEPS_OF_6 = Steps(0x1FFFFF)


def steps_of(version: int) -> Steps:
    """The steps that a version of the protocol can negotiate."""
    if version >= VERSION:
        return STEPS_OF_6
    if version >= 4:  # noqa: PLR2004 - a version's number
        return STEPS_OF_4
    return STEPS_OF_3 if version == 3 else STEPS_OF_2  # noqa: PLR2004 - a version's number
