"""A mail that kills its worker: what was said before stays, what was not finished never looks finished."""

from collections.abc import Iterator

import pytest
from tests.builders.files import zipped
from tests.builders.mail import attached, mail, multipart_mail, part
from tests.edge.jail.conftest import Prison, prison
from tests.edge.jail.saboteur import BODY, FILE

from seriema.edge.jail import JailSettings
from seriema.model.artifact import State
from seriema.model.plan import Plan
from seriema.verdict import inspection

PLAN = Plan(authserv_ids=("mx.b.example",))
HEAD = (
    "Received: by mx.b.example; Mon, 6 Jul 2020 10:00:05 +0200\n"
    "Authentication-Results: mx.b.example; spf=pass smtp.mailfrom=a.example\n"
    "From: Eve <eve@e.example>\nIn-Reply-To: <m0@b.example>\n"
)


@pytest.fixture(scope="module")
def sabotaged() -> Iterator[Prison]:
    with prison(JailSettings(workers=1, module="tests.edge.jail.saboteur")) as running:
        yield running


def test_a_crash_in_the_text_leaves_all_that_the_header_says(sabotaged: Prison) -> None:
    document = sabotaged.run(sabotaged.jail.dissect(mail(BODY, HEAD), PLAN))
    assert document.trouble == "crashed: ended with exit status 11"
    message = document.message
    assert (message.subject, message.sender.address, message.senders) == ("Contract", "ann@a.example", 2)
    assert (message.in_reply_to, message.authentication[0].trusted) == (("m0@b.example",), True)
    assert {one.name for one in document.findings} == {"mail.limit-header-only", "mail.several-from"}
    assert [one.state for one in document.artifacts] == [State.LIMIT]
    assert not inspection(document.artifacts, document.trouble).complete


@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
def test_the_next_mail_is_whole_again(kind: str, sabotaged: Prison) -> None:
    sabotaged.run(sabotaged.jail.dissect(mail(BODY, f"Content-Type: {kind}\n"), PLAN))
    document = sabotaged.run(sabotaged.jail.dissect(mail(), PLAN))
    assert (document.trouble, document.message.body.reply) == ("", "Hello Bob,\n\nthank you.")
    assert [one.state for one in document.artifacts] == [State.INSPECTED]


def test_no_file_counts_as_inspected_when_the_second_killed_its_reader(sabotaged: Prison) -> None:
    files = [attached(f"{number}.txt", b"harmless") for number in (1, 2, 3)]
    files[1] = attached("2.txt", FILE)
    raw = multipart_mail(part("Hello Bob"), *files)
    document = sabotaged.run(sabotaged.jail.dissect(raw, PLAN))
    assert document.trouble.startswith("crashed: ")
    assert document.message.body.reply == "Hello Bob", "the first try's facts stay"
    assert {one.name: one.state for one in document.artifacts} == dict.fromkeys(
        ("", "1.txt", "2.txt", "3.txt"), State.CRASHED
    )
    assert {gap.artifact for gap in inspection(document.artifacts, document.trouble).gaps} >= {"1", "2", "3"}


def test_no_member_counts_as_inspected_either(sabotaged: Prison) -> None:
    raw = multipart_mail(part("Hello Bob"), attached("a.zip", zipped({"1.txt": b"harmless", "2.txt": FILE})))
    document = sabotaged.run(sabotaged.jail.dissect(raw, PLAN))
    assert {one.path[-1] for one in document.artifacts} >= {"a.zip", "1.txt", "2.txt"}
    assert State.INSPECTED not in {one.state for one in document.artifacts}
