"""Evidence → Verdict: signals weigh facts, the policy turns weight and gaps into a tier. Pure.

Entry: ``judge(evidence, policy)``; ``inspection`` states what was not read;
``preset`` and ``parse`` build policies.
"""

from seriema.verdict.inspection import inspection
from seriema.verdict.judge import judge, rules_version
from seriema.verdict.policy import Policy, parse, preset, presets

__all__ = ["Policy", "inspection", "judge", "parse", "preset", "presets", "rules_version"]
