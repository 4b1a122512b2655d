"""Evidence → Verdict: signals weigh facts, the policy turns weight and gaps into a tier. Pure.

Entry: ``judge(evidence, policy)``; ``inspection`` states what was not read;
``preset`` and ``parse`` build policies, ``check`` says what is wrong with one;
``direction`` says whether a mail comes in or goes out.
"""

from seriema.verdict.direction import direction
from seriema.verdict.exempting import exempted
from seriema.verdict.inspection import inspection
from seriema.verdict.judge import JUDGED, LATER, SAID, exceptable, judge, rules_version
from seriema.verdict.policy import Policy
from seriema.verdict.policy_check import ACTING, Kind, Note, check
from seriema.verdict.policy_file import extended, parse, plain, preset, presets

__all__ = [
    "ACTING",
    "JUDGED",
    "LATER",
    "SAID",
    "Kind",
    "Note",
    "Policy",
    "check",
    "direction",
    "exceptable",
    "exempted",
    "extended",
    "inspection",
    "judge",
    "parse",
    "plain",
    "preset",
    "presets",
    "rules_version",
]
