"""One mutant on its way through the worklist, and what is wrong with what was said of it."""

from tests.builders.files import artifact
from tests.builders.seeds import PASSWORD, Seed, mutant

from seriema.dissect import dissect
from seriema.examine import examine
from seriema.examine.kinds import KINDS
from seriema.model.artifact import Artifact, State
from seriema.model.limits import Limits
from seriema.model.password import Candidate
from seriema.model.plan import Done, Plan, Statement, Subject
from seriema.unlock import open_artifact

CANDIDATES = (Candidate("wrong", "user"), Candidate(PASSWORD, "user"))
LIMITS = Limits(password_work=1_500)


def complaints(seeds: list[Seed], number: int) -> list[str]:
    """Whatever must not happen to a mutant; an error that is raised is none of them and goes up."""
    seed = seeds[number % len(seeds)]
    content = mutant(seed, number)
    plan = Plan(subject=Subject.FILE, name=seed.name, passwords=CANDIDATES, limits=LIMITS)
    said = list(dissect(content, plan))
    found = _wrong(said) + ([] if isinstance(said[-1], Done) else ["it did not come to its end"])
    named = artifact(content, seed.name)
    if named.kind != seed.kind:
        found += _as_its_kind(content, seed)
    return found


def _wrong(said: list[Statement]) -> list[str]:
    last = {one.id: one for one in said if isinstance(one, Artifact)}
    return [
        f"{one.path}: {one.state} {one.state_reason}"
        for one in last.values()
        if one.state is State.CRASHED or (one.state is not State.INSPECTED and not one.state_reason)
    ]


def _as_its_kind(content: bytes, seed: Seed) -> list[str]:
    """Opened and examined as if the damage did not hide what it is."""
    known = artifact(content, seed.name, kind=seed.kind, file_class=KINDS[seed.kind].file_class)
    opened = open_artifact(known, content, CANDIDATES, LIMITS)
    seen = [(each.state, each.state_reason) for each in (opened, examine(known, content, LIMITS)) if each]
    return [f"as {seed.kind}: {state} {reason}" for state, reason in seen if state is State.CRASHED]
