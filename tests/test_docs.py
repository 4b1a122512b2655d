"""What the documents show works: Python examples run, commands and options exist, links lead somewhere."""

import ast
import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from seriema.cli.main import _parser

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?(?:\./run )?seriema (?P<arguments>.*)$", re.MULTILINE)
LAUNCHER = re.compile(r"^(?:\$ )?\./run (?P<command>\w+)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)[^)]*\)")


def blocks(document: Path, *languages: str) -> list[str]:
    return [text for language, text in BLOCK.findall(document.read_text()) if language in languages]


EXAMPLES = [(path, number, text) for path in DOCUMENTS for number, text in enumerate(blocks(path, "python"), 1)]
CALLS = [
    (path, found["arguments"])
    for path in DOCUMENTS
    for text in blocks(path, "", "console", "sh", "shell")
    for found in COMMAND.finditer(text)
]


def short(value: object) -> str:
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else str(value)[:40]


@pytest.mark.parametrize(("path", "number", "text"), EXAMPLES, ids=short)
def test_a_python_example_runs(path, number, text, tmp_path, monkeypatch):
    """With ``mail.eml`` beside it; what it asserts must hold."""
    (tmp_path / "mail.eml").write_bytes(b"From: a@bank.example\nTo: b@corp.example\nSubject: hello\n\nhello\n")
    monkeypatch.chdir(tmp_path)
    tree = ast.parse(text)
    exec(compile(tree, f"{path.name} example {number}", "exec"), {"__name__": "example"})


@pytest.mark.parametrize(("path", "arguments"), CALLS, ids=short)
def test_a_command_shown_is_a_command(path, arguments, monkeypatch):
    words = shlex.split(arguments, comments=True)
    monkeypatch.chdir(ROOT)
    said = io.StringIO()
    with contextlib.suppress(SystemExit), contextlib.redirect_stderr(said):
        _parser(words).parse_args(words)
    assert said.getvalue() == "", f"{path.name}: seriema {arguments}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_a_call_of_the_launcher_is_one(path):
    called = {
        found["command"] for text in blocks(path, "", "console", "sh", "shell") for found in LAUNCHER.finditer(text)
    }
    assert called <= {"demo", "seriema", "test", "lint"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_a_link_leads_somewhere(path):
    assert [link for link in LINK.findall(path.read_text()) if not (path.parent / link).exists()] == []


def test_the_two_commands_of_the_readme_are_there():
    assert {"./run demo", "./run test"} <= set(re.findall(r"\./run \w+", (ROOT / "README.md").read_text()))
