"""The case document, schema ``seriema.case/1``: the contract of ``--format json`` and ``jsonl``.

Values are plain dicts, lists and scalars in a fixed order, so that the same case gives the same bytes. Indicators
are raw (programs match on them); sentences for people are defanged.
"""

from datetime import UTC, datetime
from typing import Any

from seriema.model.artifact import Artifact
from seriema.model.case import Case, Evidence
from seriema.model.message import Address, Message
from seriema.report.defang import prose

SCHEMA = "seriema.case/1"


def document(case: Case) -> dict[str, Any]:
    """One case as plain data. No password and no mail text is in it."""
    evidence = case.evidence
    return {
        "schema": SCHEMA,
        "id": evidence.id,
        "source": evidence.source,
        "as_of": rfc3339(evidence.as_of),
        "revision": case.revision,
        "supersedes": case.supersedes,
        "message": _message(evidence.message),
        "thread": _thread(evidence),
        "artifacts": [_artifact(one) for one in evidence.artifacts],
        "findings": [
            {"name": one.name, "artifact": one.artifact, "place": one.place, "detail": one.detail}
            for one in evidence.findings
        ],
        "indicators": [
            {"type": one.type.value, "value": one.value, "role": one.role, "artifact": one.artifact}
            for one in evidence.indicators
        ],
        "verdict": _verdict(case),
        "engine": {"version": case.engine.version, "rules": case.engine.rules, "jail": case.engine.jail},
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "date": rfc3339(message.date),
        "from": _address(message.sender),
        "to": [_address(one) for one in message.to],
        "subject": message.subject,
        "authentication": {
            "trusted": any(one.trusted for one in message.authentication),
            "results": [
                {
                    "authserv_id": one.authserv_id,
                    "method": one.method,
                    "result": one.result,
                    "identity": one.identity,
                    "trusted": one.trusted,
                }
                for one in message.authentication
            ],
        },
    }


def _thread(evidence: Evidence) -> dict[str, Any]:
    thread = evidence.thread
    return {
        "known": thread.known,
        "messages": thread.messages,
        "participants": [one.key for one in thread.participants],
        "silent_days": None if thread.silent_days is None else round(thread.silent_days, 2),
        "reply_language": thread.reply_language or None,
        "thread_language": thread.thread_language or None,
        "kind": thread.kind.value,
        "joined_by": thread.joined_by.value,
        "clock": thread.clock.value,
        "sender_participant": thread.sender_participant,
        "quoted_seen": thread.quoted_seen,
        "last": rfc3339(thread.last),
        "started": rfc3339(thread.started),
    }


def _artifact(one: Artifact) -> dict[str, Any]:
    return {
        "id": one.id,
        "path": list(one.path),
        "name": one.name,
        "kind": one.kind,
        "file_class": one.file_class.value,
        "size": one.size,
        "sha256": one.sha256,
        "decrypted_sha256": one.decrypted_sha256,
        "state": one.state.value,
        "state_reason": one.state_reason or None,
        "encrypted": one.encrypted,
        "password_source": one.password_source,
        "method": one.method or None,
        "crc32": None if one.crc32 is None else f"{one.crc32:08x}",
        "part_of": one.part_of or None,
    }


def _verdict(case: Case) -> dict[str, Any]:
    verdict = case.verdict
    return {
        "tier": verdict.tier.value,
        "score": verdict.score,
        "inspection": str(verdict.inspection),
        "incomplete": [
            {"reason": one.reason.value, "artifact": one.artifact, "detail": one.detail or None}
            for one in verdict.inspection.gaps
        ],
        "summary": prose(verdict.summary, 2_000),
        "reasons": [
            {"signal": one.signal, "weight": one.weight, "text": prose(one.text, 1_000)} for one in verdict.reasons
        ],
    }


def _address(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.address}


def rfc3339(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
