"""The worklist that runs in the jail: read, open and examine until nothing changes or the shared budget ends.

Everything found becomes a statement at once, so that a worker killed in the middle loses only what it had not said.
Three rounds turn into each other: parts and members are opened and examined; whatever they say becomes text in which
passwords may stand; what stayed locked is tried again when there are new candidates.
"""

import hashlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from seriema import examine, language, message, unlock
from seriema.model.artifact import SEVERITY, Artifact, Child, FileClass, State, child_id, worst
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Spent
from seriema.model.message import Message
from seriema.model.password import Candidate, Proven, Text
from seriema.model.plan import Depth, Done, LockedFile, Plan, Statement, Subject

#: A locked file larger than this is not kept for a password that may come later; nor are more than so many of one mail,
#: or more bytes of them together.
KEPT_BYTES, KEPT_FILES, KEPT_TOGETHER = 10 << 20, 32, 48 << 20
#: Kinds whose bytes are a mail of their own and go round again.
MAIL_KINDS = frozenset({"message", "outlook-message"})
#: Files whose hash names them wherever they turn up again.
HASHED = frozenset({FileClass.SCRIPT, FileClass.EXECUTABLE, FileClass.SHORTCUT, FileClass.DISK_IMAGE})

_MAIL = examine.Identity("message", FileClass.MAIL)
#: States of what holds locked things that a later password, or more work, may change.
_MAY_OPEN = frozenset({State.LOCKED, State.LIMIT, State.MALFORMED})
_EMPTY = (State.MALFORMED, "the file is empty")


def warm() -> None:
    """Import and load everything a dissection may need, so that a locked worker never opens a file."""
    for room in (language, message, unlock, examine):
        room.load()


def dissect(raw: bytes, plan: Plan) -> Iterator[Statement]:
    """Say all that can be said about one mail or bare file, in the order it becomes known; ``Done`` comes last."""
    if plan.depth is Depth.TIME:
        yield message.arrival(raw, plan.limits)
        yield Done()
        return
    work = _Work(plan)
    if plan.subject is Subject.MAIL:
        yield from work.mail(raw)
    else:
        yield from work.file(raw)
    if plan.depth is Depth.FULL:
        yield from work.run()
    yield Done(work.spent)


class _Work:
    """One dissection under way: what waits, what stayed locked, which texts were read, what was spent."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.limits = plan.limits
        self.spent = Spent()
        self.queue: deque[str] = deque()
        self.contents: dict[str, bytes] = {}
        self.artifacts: dict[str, Artifact] = {}
        self.examined: set[str] = set()
        self.opened: set[str] = set()
        self.placed: dict[str, Artifact] = {}  #: each as its container gave it; what that said of it stays true
        self.sealed: dict[str, bool] = {}  #: itself still encrypted, to be examined in the form that is reached
        self.first: dict[str, int] = {}  #: number of the first child that opening gave, examining may have given some
        self.volumes = unlock.Volumes()
        self.shares = unlock.Shares(self.contents)
        self.shut: dict[str, bool] = {}  #: by container, whether a later password may open more of it
        self.keyring = unlock.Keyring(plan.passwords, plan.sender, plan.sent, plan.refused)
        self.keyring.hear(plan.texts)

    # -- what the mail and the bare file bring -------------------------------------------------------------------------

    def mail(self, raw: bytes) -> Iterator[Statement]:
        """Read the mail itself; its parts wait in the queue afterwards."""
        read = message.header if self.plan.depth is Depth.HEADERS else message.parse
        parsed = read(raw, self.limits, self.plan.authserv_ids)
        self.keyring.written(parsed.message.sender, parsed.message.date)
        yield parsed.message
        yield self._place(
            "0",
            (self.plan.name or "message",),
            Child(self.plan.name, None, len(raw), *(_EMPTY if not raw else (parsed.state, parsed.state_reason))),
            kind=_MAIL,
            sha256=parsed.message.sha256,
        )
        yield from self._take(parsed, "0", "body")

    def file(self, raw: bytes) -> Iterator[Statement]:
        """Put a bare file on the list as the only attachment of a mail that is not there."""
        yield Message(sha256=hashlib.sha256(raw).hexdigest(), size=len(raw))
        yield self._place("1", (self.plan.name or "file",), Child(self.plan.name, raw, len(raw)))

    def _take(self, parsed: message.Parsed, identity: str, source: str) -> Iterator[Statement]:
        """Facts, links, texts and parts of a mail that was read; ``identity`` is the mail's artifact."""
        yield from (_moved(finding, identity) for finding in parsed.findings)
        yield from examine.with_shapes(message.link_facts(parsed.message, identity))
        self.keyring.hear(Text(source, one.content) if one.source == "body" else one for one in parsed.texts)
        yield from self._children(
            identity,
            [Child(part.name, part.content, len(part.content), part.state, part.state_reason) for part in parsed.files],
            [part.declared_type for part in parsed.files],
        )
        for number, part in enumerate(parsed.files, 1):
            if others := part.other_names:
                called, facts = examine.also_called(self.artifacts[child_id(identity, number)], part.content, others)
                yield from self._restate(called)
                yield from facts
        # The bodies are no files of their own, but script may hide in them; what is found there is the mail's.
        for part in parsed.bodies:
            known = examine.identify(part.content, part.name)
            shown = replace(self.artifacts[identity], kind=known.kind, file_class=known.file_class, name=part.name)
            yield from self._report(identity, examine.examine(shown, part.content, self.limits))

    # -- the tree ------------------------------------------------------------------------------------------------------

    def _place(
        self,
        identity: str,
        path: tuple[str, ...],
        child: Child,
        declared: str = "",
        kind: examine.Identity | None = None,
        sha256: str | None = None,
    ) -> Artifact:
        """Give a child its place in the tree, and put it on the list when its bytes are there."""
        known = kind or examine.identify(child.content, child.name)
        if declared in message.MAIL_TYPES and known.file_class is FileClass.TEXT:
            known = _MAIL  # however it begins, readers show it as one
        if child.content is not None:
            sha256 = hashlib.sha256(child.content).hexdigest()
        state, reason = child.state, child.state_reason
        if child.content is not None and identity.count(".") > self.limits.archive_depth:
            state, reason = State.LIMIT, f"nested deeper than {self.limits.archive_depth} levels"
        elif child.content is not None:
            self.contents[identity] = child.content
            self.queue.append(identity)
        artifact = Artifact(
            id=identity,
            path=path,
            name=child.name,
            kind=known.kind,
            file_class=known.file_class,
            size=child.size,
            sha256=sha256,
            state=state,
            state_reason=reason,
            encrypted=child.encrypted,
            password_source=child.password_source,
            declared_type=declared,
            method=child.method,
            crc32=child.crc32,
        )
        self.artifacts[identity] = self.placed[identity] = artifact
        return artifact

    def _children(
        self, parent: str, children: Sequence[Child], types: Sequence[str] = (), first: int = 1
    ) -> Iterator[Statement]:
        """Place the children of ``parent``; one that is there already is replaced only while its bytes are unread."""
        if not children:
            return
        path = () if parent == "0" else self.artifacts[parent].path
        for offset, child in enumerate(children):
            identity = child_id(parent, first + offset)
            before = self.artifacts.get(identity)
            if before is None or before.sha256 is None:
                label = child.name or f"part {first + offset}"
                placed = self._place(identity, (*path, label), child, types[offset] if offset < len(types) else "")
                yield placed
                if before is None and child.content is None:
                    yield from examine.examine(placed, None, self.limits).findings
        yield from self._join(parent)

    def _join(self, parent: str) -> Iterator[Statement]:
        """Volumes among the children of ``parent`` are one archive, which is opened in the place of one of them."""
        places = (child_id(parent, number) for number in range(1, self._next_child(parent)))
        beside = [(self.artifacts[one], self.contents[one]) for one in places if one in self.contents]
        for found in self.volumes.found(beside, self.limits):
            artifact = self.artifacts[found.lead]
            if found.content is not None:
                spent = Spent(opened_bytes=len(found.content))
                self.spent += spent
                self.limits = self.limits.less(spent)
                self.contents[found.lead] = found.content
                known = examine.identify(found.content, found.name)
                artifact = replace(artifact, kind=known.kind, file_class=known.file_class)
            self.placed[found.lead] = artifact.worsened(found.state, found.state_reason)
            yield from self._restate(self.placed[found.lead])
            if found.lead not in self.queue:
                self.queue.append(found.lead)

    def _next_child(self, parent: str) -> int:
        number = 1
        while child_id(parent, number) in self.artifacts:
            number += 1
        return number

    # -- the rounds ----------------------------------------------------------------------------------------------------

    def run(self) -> Iterator[Statement]:
        """Open and examine, try what is locked with every candidate, until nothing changes."""
        yield from self._drain(())
        yield from self._unlock()
        for identity in [one for one, sealed in self.sealed.items() if sealed]:
            yield from self._examine(identity)
        yield from self._drain(())
        yield from self._unlock()
        yield from self._wait()
        yield from self._lift()
        for one in self.volumes.settled(self.artifacts):
            yield from self._restate(one)
        yield from self._keep()
        if any(self.shut.values()):
            drawn = examine.drawn((self.artifacts[one], content) for one, content in self.contents.items())
            yield from unlock.pictures(drawn, self.shut, read=bool(self.plan.texts))
        yield from self._hashes()
        if self.plan.subject is Subject.MAIL:
            yield from self.keyring.offered(self.limits)

    def _unlock(self) -> Iterator[Statement]:
        """Try what is locked as long as there are new candidates, or work that others left."""
        again = True
        while again:
            again, candidates = False, self._candidates()
            for files in self.shares.rounds(candidates, lambda: self.limits.password_work):
                again = True
                self.queue.extend(files)
                yield from self._drain(self.shares.first(candidates))

    def _drain(self, candidates: tuple[Candidate, ...]) -> Iterator[Statement]:
        while self.queue:
            identity = self.queue.popleft()
            content = self.contents[identity]
            if identity in self.volumes.lead_of:  # a part of what is opened elsewhere, or not at all
                self.opened.add(identity)
            elif self.artifacts[identity].kind in MAIL_KINDS:
                self.opened.add(identity)
                yield from self._nested_mail(identity, content)
            else:
                yield from self._open(identity, content, candidates)
                if self.contents[identity] is not content:  # what was decrypted may be a container itself
                    yield from self._open(identity, self.contents[identity], candidates)
            if identity not in self.examined and not self.sealed.get(identity):
                yield from self._examine(identity)

    def _nested_mail(self, identity: str, content: bytes) -> Iterator[Statement]:
        parsed = message.parse(content, self.limits, self.plan.authserv_ids, whole=False)
        yield from self._worsen(identity, parsed.state, parsed.state_reason)
        yield from self._take(parsed, identity, "attachment")

    def _open(self, identity: str, content: bytes, candidates: tuple[Candidate, ...]) -> Iterator[Statement]:
        known, before = self.shares.known_cost(identity, content), self.shares.before(identity, content)
        work = self.shares.work(before, self.limits.password_work)
        limits = replace(self.limits.less(known), password_work=work)
        tried = candidates if before else ()
        opened = unlock.open_artifact(self.artifacts[identity], content, tried, limits, before or unlock.UNTRIED)
        if opened is None:
            return
        self.spent += opened.spent + known
        self.limits = self.limits.less(opened.spent + known)
        if not self.shares.opened(identity, content, opened):
            yield from self._worsen(identity, State.LIMIT, "too little password work was left to try it again")
            return
        if opened.covers:
            self.opened.add(identity)
        self.sealed[identity] = opened.sealed
        self.keyring.hear(opened.texts)
        unread = opened.sealed or not opened.children or any(one.content is None for one in opened.children)
        self.shut[identity] = opened.encrypted and unread and opened.state in _MAY_OPEN
        if opened.passwords:
            self.keyring.opened()
        yield from (Proven(one.value, one.source) for one in opened.passwords)
        yield from self._restate(self._stated(identity, opened))
        yield from opened.findings
        if opened.children:
            first = self.first.setdefault(identity, self._next_child(identity))
            yield from self._children(identity, opened.children, first=first)
        if opened.decrypted is not None:
            yield from self._unseal(identity, opened.decrypted)

    def _stated(self, identity: str, opened: unlock.Opened) -> Artifact:
        """The artifact after opening: what its own container said of it, and what opening it came to."""
        placed = self.placed[identity]
        state, reason = worst((placed.state, placed.state_reason), (opened.state, opened.state_reason))
        return replace(
            self.artifacts[identity],
            state=state,
            state_reason=reason,
            encrypted=placed.encrypted or opened.encrypted,
            password_source=placed.password_source or opened.password_source,
            decrypted_sha256=placed.decrypted_sha256 or opened.decrypted_sha256,
        )

    def _unseal(self, identity: str, decrypted: bytes) -> Iterator[Artifact]:
        """The decrypted form takes the place of a file that is itself encrypted; once, as no program goes further."""
        if self.placed[identity].decrypted_sha256 is not None:
            yield from self._worsen(identity, State.LIMIT, "encrypted again within its own encryption")
            return
        self.contents[identity] = decrypted
        self.examined.discard(identity)
        known = examine.identify(decrypted, self.artifacts[identity].name)
        yield from self._restate(replace(self.artifacts[identity], kind=known.kind, file_class=known.file_class))
        self.placed[identity] = self.artifacts[identity]

    def _examine(self, identity: str) -> Iterator[Statement]:
        """What the file is and would do; a container that was opened is asked only for what lies beside its members."""
        self.examined.add(identity)
        artifact, content = self.artifacts[identity], self.contents[identity]
        seen = examine.examine(artifact, content, self.limits, opened=identity in self.opened)
        self.keyring.hear(seen.texts)
        yield from self._report(identity, seen)

    def _report(self, identity: str, seen: examine.Examined) -> Iterator[Statement]:
        yield from seen.findings
        yield from seen.indicators
        if seen.state is State.LOCKED:
            yield from self._restate(replace(self.artifacts[identity], encrypted=True))
        yield from self._worsen(identity, seen.state, seen.state_reason)
        if seen.state is not State.LOCKED:  # what is locked may open later; all else stays true then
            self.placed[identity] = self.placed[identity].worsened(seen.state, seen.state_reason)
        if not seen.children:
            return
        children = seen.children[: self.limits.members]
        spent = Spent(members=len(children), opened_bytes=sum(child.size for child in children))
        self.spent += spent
        self.limits = self.limits.less(spent)
        if len(children) < len(seen.children):
            yield from self._worsen(identity, State.LIMIT, "more files come out of it than one mail may hold")
        yield from self._children(identity, children, first=self._next_child(identity))

    # -- states --------------------------------------------------------------------------------------------------------

    def _restate(self, artifact: Artifact) -> Iterator[Artifact]:
        if artifact != self.artifacts[artifact.id]:
            self.artifacts[artifact.id] = artifact
            yield artifact

    def _worsen(self, identity: str, state: State, reason: str) -> Iterator[Artifact]:
        """Restate an artifact when ``state`` is worse than what is known of it."""
        known = self.artifacts[identity]
        if SEVERITY.index(state) > SEVERITY.index(known.state):
            yield from self._restate(replace(known, state=state, state_reason=reason))

    def _wait(self) -> Iterator[Artifact]:
        """What is locked waits, when the mail says that the password follows separately."""
        if any(artifact.state is State.LOCKED for artifact in self.artifacts.values()) and self.keyring.announced():
            for artifact in tuple(self.artifacts.values()):
                if artifact.state is State.LOCKED:
                    reason = "the mail says that the password follows separately"
                    yield from self._restate(replace(artifact, state=State.WAITING, state_reason=reason))

    def _lift(self) -> Iterator[Artifact]:
        """A container is as badly inspected as the worst of what lies in it."""
        for artifact in sorted(self.artifacts.values(), key=lambda one: one.id.count("."), reverse=True):
            below = self.artifacts[artifact.id]
            if below.parent not in ("", "0") and below.state is not State.INSPECTED:
                yield from self._worsen(below.parent, below.state, f"{below.path[-1]}: {below.state_reason}")

    # -- for other mails -----------------------------------------------------------------------------------------------

    def _candidates(self) -> tuple[Candidate, ...]:
        return self.keyring.candidates(self.limits) if self.shares.locked else ()

    def _keep(self) -> Iterator[LockedFile]:
        """The outermost files that a later password may open, as far as there is room for them."""
        kept: list[str] = []
        room = KEPT_TOGETHER
        for identity in sorted((one for one, shut in self.shut.items() if shut), key=lambda one: one.count(".")):
            content = self.contents[identity]
            within = any(identity.startswith(f"{one}.") for one in kept)
            if len(content) <= min(room, KEPT_BYTES) and not within and len(kept) < KEPT_FILES:
                kept.append(identity)
                room -= len(content)
                artifact = self.artifacts[identity]
                named = self.keyring.of_its_mail(self.limits, all_of_them=artifact.state is State.LIMIT)
                yield LockedFile(identity, artifact.name, content, named)

    def _hashes(self) -> Iterator[Indicator]:
        for artifact in self.artifacts.values():
            if artifact.file_class in HASHED and artifact.sha256:
                yield Indicator(IndicatorType.SHA256, artifact.sha256, "file", artifact.id)


def _moved(finding: Finding, identity: str) -> Finding:
    """A mail's reader counts from itself: "0" is the mail, "n" its n-th file."""
    if finding.artifact == "0":
        return replace(finding, artifact=identity)
    return finding if identity == "0" else replace(finding, artifact=f"{identity}.{finding.artifact}")
