"""Every hostile attachment in one table."""

from tests.unlock.hostile import bombs, locks, names, views
from tests.unlock.hostile.case import Case

CASES: dict[str, Case] = {**bombs.CASES, **locks.CASES, **views.CASES, **names.CASES}
