"""Every bound on one mail, and the work spent against them.

Budgets count *work*, not wall time, so that the same mail gives the same answer on any machine; the seconds are a
guard only (see ``model.plan``). A bound that was met is always reported as the state ``limit``.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for the dissection of one mail. All are inclusive maxima; none may be negative."""

    message_bytes: int = 64 << 20  #: a larger mail is refused whole before any parser sees it
    header_bytes: int = 1 << 20  #: of one header section, all fields together
    headers: int = 2_000  #: fields of one header section
    line_bytes: int = 1 << 20  #: a longer line is cut, and said so
    lines: int = 2_000_000  #: of one mail
    mime_depth: int = 30  #: nested multiparts and attached mails
    mime_parts: int = 1_000
    text_chars: int = 400_000  #: of visible text that is read for quotes, links and passwords
    addresses: int = 1_000  #: in one header field
    links: int = 500
    archive_depth: int = 8  #: containers within containers
    members: int = 2_000  #: of all containers together
    member_bytes: int = 64 << 20  #: one opened member
    opened_bytes: int = 256 << 20  #: all opened members together
    ratio: int = 400  #: opened to stored size of one member, looked at above ``ratio_floor``
    ratio_floor: int = 1 << 20
    #: Of all locked files together, in units of about a millisecond of key derivation (see ``unlock.format``).
    password_work: int = 3_600
    candidates: int = 4_000  #: password candidates kept for one mail
    findings: int = 2_000
    seconds: float = 30.0  #: wall-clock guard; a result cut short by it says ``timed out``

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 0:
                raise ValueError(f"limit {name} is negative")

    def less(self, spent: "Spent") -> "Limits":
        """What is left after ``spent``; never below zero."""
        return replace(
            self,
            members=max(0, self.members - spent.members),
            opened_bytes=max(0, self.opened_bytes - spent.opened_bytes),
            password_work=max(0, self.password_work - spent.password_work),
        )


@dataclass(frozen=True, slots=True)
class Spent:
    """Work done so far against the shared budgets of one mail."""

    members: int = 0
    opened_bytes: int = 0
    password_work: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.members + other.members,
            self.opened_bytes + other.opened_bytes,
            self.password_work + other.password_work,
        )
