"""A small bounded reader of JavaScript: what a script puts together, hands over, fetches, runs."""

from seriema.examine.javascript.running import Ran, run

__all__ = ["Ran", "run"]
