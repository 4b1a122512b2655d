"""Tests that talk to a real server run where it is installed; elsewhere the closing lines say what did not run and why.

``@pytest.mark.server("rspamd")`` names programs; ``package="knot-dnsutils"`` the Debian package when it is called
otherwise than the first of them.
"""

import shutil
from collections import Counter

import pytest

MISSING = pytest.StashKey[Counter[str]]()


def pytest_configure(config):
    config.stash[MISSING] = Counter()


def pytest_collection_modifyitems(config, items):
    for item in items:
        for marker in item.iter_markers("server"):
            absent = [program for program in marker.args if shutil.which(program) is None]
            if absent:
                package = marker.kwargs.get("package", marker.args[0])
                item.add_marker(pytest.mark.skip(reason=f"{absent[0]} is not installed (Debian package {package})"))
                config.stash[MISSING][package] += 1


def pytest_terminal_summary(terminalreporter, config):
    for package, count in sorted(config.stash[MISSING].items()):
        terminalreporter.write_line(f"not run: {count} tests that need the Debian package {package}")
