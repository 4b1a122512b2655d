"""The same dissection in this very process, without wall or lock: to compare results with, never for real mail."""

import hashlib
import importlib

from seriema.edge.jail.collect import Collector, Trouble
from seriema.model.plan import Dissection, Plan


def run_unlocked(raw: bytes, plan: Plan, module: str = "seriema.dissect") -> Dissection:
    """What a worker with the whole budget says of a mail. Raises whatever the dissection raises."""
    collector = Collector(hashlib.sha256(raw).hexdigest(), len(raw))
    for statement in importlib.import_module(module).dissect(raw, plan):
        collector.add(statement)
    return collector.result(Trouble())
