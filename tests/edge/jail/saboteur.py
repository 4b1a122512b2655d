"""The real dissection with planted crashes: a word in the text or in a file ends the worker that reads it."""

import os
from collections.abc import Callable
from typing import Any

from seriema import dissect as real
from seriema import examine
from seriema.dissect import dissect
from seriema.message import bodies

__all__ = ["BODY", "FILE", "dissect", "warm"]

BODY, FILE = b"end the reader of this text", b"end the reader of this file"


def warm() -> None:
    """Only workers are sabotaged, not whoever imports this module."""
    bodies.read = _deadly(bodies.read, _in_parts)
    examine.examine = _deadly(examine.examine, _in_file)
    real.warm()


def _deadly(read: Callable[..., Any], holds: Callable[..., bool]) -> Callable[..., Any]:
    def planted(*arguments: Any, **options: Any) -> Any:
        if holds(*arguments):
            os._exit(11)  # as a crash in compiled code: nothing is said any more
        return read(*arguments, **options)

    return planted


def _in_parts(_segments: object, parts: Any, _limits: object) -> bool:
    return any(BODY in part.content for part in parts.values())


def _in_file(_artifact: object, content: bytes | None, _limits: object) -> bool:
    return content is not None and FILE in content
