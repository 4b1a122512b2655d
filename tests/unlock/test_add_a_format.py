"""The page that says how to add a format is true: its example opens what it says it opens."""

import re
import zlib
from itertools import cycle
from pathlib import Path
from types import ModuleType

import pytest
from tests.builders.opening import contents, opened

from seriema.model.artifact import State
from seriema.plugins import Loaded
from seriema.unlock import opener
from seriema.unlock.format import Format

PAGE = Path(__file__).parents[2] / "docs" / "add-a-format.md"


@pytest.fixture
def lbx(monkeypatch: pytest.MonkeyPatch) -> Format:
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    module = ModuleType("lbx")
    exec(compile(source, "lbx.py", "exec"), module.__dict__)
    monkeypatch.setattr(opener, "loaded", lambda: Loaded((module.FORMAT,)))
    return module.FORMAT


def sealed(content: bytes, password: bytes) -> bytes:
    body = bytes(byte ^ key for byte, key in zip(content, cycle(password), strict=False))
    return b"LBX1" + bytes([sum(password) % 256]) + body + zlib.crc32(content).to_bytes(4, "big")


@pytest.mark.usefixtures("lbx")
def test_the_example_opens_with_the_right_password() -> None:
    data = sealed(b"hello " * 50, b"U4613")
    assert opened(data, kind="lbx").state is State.LOCKED
    assert opened(data, "777", "826", kind="data").state is State.LOCKED
    found = opened(data, "777", "U4613", kind="lbx", name="letter.txt.lbx")
    assert (found.state, contents(found)) == (State.INSPECTED, {"letter.txt": b"hello " * 50})


@pytest.mark.usefixtures("lbx")
def test_the_example_says_when_it_is_torn() -> None:
    assert opened(b"LBX1", kind="lbx").state is State.MALFORMED
