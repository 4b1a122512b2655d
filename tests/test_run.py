"""The launcher explains itself on any Python 3, and knows when there is nothing to install."""

import ast
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parent.parent / "run"


@pytest.fixture
def launcher(tmp_path):
    """The launcher's names, working on a small project of its own."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "pyproject.toml").write_text('[build-system]\n[project]\nname = "x"\n[tool.ruff]\nline-length = 1\n')
    (tmp_path / "run").write_bytes(RUN.read_bytes())
    return runpy.run_path(str(tmp_path / "run"))


def test_an_old_python_can_read_it():
    ast.parse(RUN.read_text(), feature_version=(3, 6))


def test_it_can_be_called():
    assert os.access(RUN, os.X_OK)


def call(*arguments, **environment):
    command = [sys.executable, str(RUN), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_alone_it_prints_help():
    done = call()
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n  {command} " in done.stdout for command in ("demo", "seriema", "test", "lint"))


def test_a_wrong_command_is_one_clear_line():
    done = call("dmeo")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "run: there is no command 'dmeo', only demo, seriema, test, lint\n"


def test_too_old_a_python_is_named(launcher, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    with pytest.raises(launcher["Stop"], match=r"^Python 3\.11 or newer is needed; .* is 3\.\d+\.\d+"):
        launcher["need_new_python"](["demo"])


def test_what_is_installed_is_not_installed_again(launcher):
    launcher["write_down"](["test"])
    assert launcher["is_installed"]([])
    assert launcher["is_installed"](["test"])
    assert not launcher["is_installed"](["test", "lint"])


CHANGES = {
    "a new dependency": lambda root: (root / "pyproject.toml").write_text('[build-system]\n[project]\nname = "y"\n'),
    "another place": lambda root: write(root, place="/elsewhere"),
    "another Python": lambda root: write(root, python="/usr/bin/python2"),
    "a set-up that was killed": lambda root: (root / ".venv" / "seriema-unfinished").touch(),
    "a note that was cut": lambda root: (root / ".venv" / "seriema-installed.json").write_text('{"pro'),
    "an environment that is gone": lambda root: (root / ".venv" / "bin" / "python").unlink(),
}


def write(root, **changed):
    stamp = root / ".venv" / "seriema-installed.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), **changed}))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_it_is_installed_again_after(launcher, tmp_path, change):
    launcher["write_down"]([])
    change(tmp_path)
    assert not launcher["is_installed"]([])


def test_a_setting_of_a_tool_is_no_reason_to_install(launcher, tmp_path):
    launcher["write_down"]([])
    settings = tmp_path / "pyproject.toml"
    settings.write_text(settings.read_text() + "preview = true\n")
    assert launcher["is_installed"]([])


def test_a_missing_network_is_told_from_other_failures(launcher, tmp_path, capsys):
    lock = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(launcher["Stop"], match="no package index was reached"):
        launcher["do"](
            [sys.executable, "-c", "print('Temporary failure in name resolution'); exit(1)"], "install", lock
        )
    with pytest.raises(launcher["Stop"], match="ended with code 3, see above"):
        launcher["do"]([sys.executable, "-c", "print('no wheel'); exit(3)"], "install", lock)
    os.close(lock)
    assert capsys.readouterr().err == "no wheel\n"
