"""Evidence → Verdict: signals weigh facts, the policy turns weight and gaps into a tier. Pure.

Entry: ``judge(evidence, policy)``; ``inspection`` states what was not read;
``preset`` and ``parse`` build policies, ``check`` says what is wrong with one;
``direction`` says whether a mail comes in or goes out.
"""

from seriema.verdict.direction import direction
from seriema.verdict.inspection import inspection
from seriema.verdict.judge import judge, rules_version
from seriema.verdict.policy import Policy
from seriema.verdict.policy_check import Kind, Note, check
from seriema.verdict.policy_file import extended, parse, plain, preset, presets

__all__ = [
    "Kind",
    "Note",
    "Policy",
    "check",
    "direction",
    "extended",
    "inspection",
    "judge",
    "parse",
    "plain",
    "preset",
    "presets",
    "rules_version",
]
