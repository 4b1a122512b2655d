"""Opens bytes as the worklist does, with as little ceremony as a test wants."""

from seriema.model.artifact import Artifact
from seriema.model.limits import Limits
from seriema.model.password import Candidate
from seriema.unlock import Opened, open_artifact


def opened(
    content: bytes, *passwords: str, kind: str = "zip", name: str = "info.zip", limits: Limits | None = None
) -> Opened:
    artifact = Artifact("1", ("message", name), name, kind, len(content))
    tried = [Candidate(password, "body", rank) for rank, password in enumerate(passwords)]
    found = open_artifact(artifact, content, tried, limits or Limits())
    assert found is not None
    return found


def facts(found: Opened) -> set[str]:
    return {finding.name for finding in found.findings}


def contents(found: Opened) -> dict[str, bytes | None]:
    return {child.name: child.content for child in found.children}
