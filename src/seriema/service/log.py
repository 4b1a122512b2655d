"""One JSON object a line on standard error: fields of the Elastic Common Schema, and never a mail's text or subject."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

_MAIL = logging.getLogger("seriema.mail")


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields: dict[str, Any] = {
            "@timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "log.level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            # The values of an error may hold pieces of a mail: where it happened is enough.
            fields["error.type"] = type(record.exc_info[1]).__name__
            stack = traceback.extract_tb(record.exc_info[2])
            fields["error.stack_trace"] = [f"{one.filename}:{one.lineno} {one.name}" for one in stack][-20:]
        fields |= getattr(record, "fields", {})
        return json.dumps(fields, ensure_ascii=True, separators=(",", ":"), default=str)


def begin() -> None:
    """Write the log of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def mail(message: str, **fields: Any) -> None:
    """What became of a mail; names with a point are written with two underscores."""
    named = {name.replace("__", "."): value for name, value in fields.items() if value not in ("", None, [], ())}
    _MAIL.info(message, extra={"fields": named})
