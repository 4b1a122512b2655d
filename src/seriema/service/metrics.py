"""What the gateway counts, in the text format of Prometheus (prometheus.io/docs/instrumenting/exposition_formats)."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping

#: Upper ends of the latency histogram, in seconds.
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_WORDS = {
    "seriema_mails_total": "mails judged, by tier",
    "seriema_uninspected_total": "judged mails that could not be read completely, by reason",
    "seriema_failures_total": "mails that were not judged, by what was out of order",
    "seriema_unwatched_total": "mails passed unread in shadow mode, because there were too many at once",
}


class Metrics:
    """Counters and one histogram since the start of the process."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], int] = {}
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def count(self, name: str, label: str = "", value: str = "") -> None:
        """One more."""
        key = (name, label, value)
        self._counts[key] = self._counts.get(key, 0) + 1

    def took(self, seconds: float) -> None:
        """A mail was judged in so long."""
        self._buckets[bisect_left(BUCKETS, seconds)] += 1
        self._seconds += seconds

    def text(self, gauges: Mapping[str, Mapping[str, float]]) -> str:
        """All of it; ``gauges``: present values by name and label (as ``state="held"``)."""
        lines = []
        for name, words in _WORDS.items():
            lines += [f"# HELP {name} {words}", f"# TYPE {name} counter"]
            found = {key: count for key, count in sorted(self._counts.items()) if key[0] == name}
            lines += [f"{name}{_labelled(label, value)} {count}" for (_, label, value), count in found.items()]
        lines += self._histogram()
        for name, values in gauges.items():
            lines.append(f"# TYPE {name} gauge")
            lines += [
                f"{name}{{{label}}} {value:g}" if label else f"{name} {value:g}" for label, value in values.items()
            ]
        return "\n".join(lines) + "\n"

    def _histogram(self) -> Iterable[str]:
        name, total = "seriema_judging_seconds", 0
        yield f"# HELP {name} time from a mail's end to its answer"
        yield f"# TYPE {name} histogram"
        for end, count in zip((*map(str, BUCKETS), "+Inf"), self._buckets, strict=True):
            total += count
            yield f'{name}_bucket{{le="{end}"}} {total}'
        yield f"{name}_sum {self._seconds:.6f}"
        yield f"{name}_count {total}"


def _labelled(label: str, value: str) -> str:
    return f'{{{label}="{value}"}}' if label else ""
