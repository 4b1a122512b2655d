"""The house rules that a machine can check. Each exception stands in a table here, with its reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "seriema"
TESTS = ROOT / "tests"
MODULES = {str(path.relative_to(SOURCE)): path.read_text() for path in sorted(SOURCE.rglob("*.py"))}

FILE_LINES = 400
FUNCTION_LINES = 50

#: Longer than ``FILE_LINES``.
LONG_FILES: dict[str, str] = {}
#: Longer than ``FUNCTION_LINES``, as "file:function".
LONG_FUNCTIONS: dict[str, str] = {}
#: The places that turn any crash into words; those that clean up and raise again do not count.
BROAD_EXCEPT = {
    "plugins.py": "isolates plugins and what strangers installed",
    "edge/jail/worker.py": "the outermost place of a worker: its last word",
    "edge/jail/zygote.py": "the outermost place of the zygote before any mail: why it could not start",
    "service/milter/server.py": "the outermost place of a mail in the gateway: its sender tries again",
}
#: Modules that no test reaches by a name or an import → how it is reached.
NOT_REACHED = {
    "edge/jail/zygote.py": "a process of its own, which every test of the jail starts",
    "edge/memory/migrations/env.py": "Alembic finds it; every test of the memory runs it",
    "edge/memory/migrations/versions/0001_first_schema.py": "Alembic finds it; every test of the memory runs it",
    "edge/memory/migrations/versions/0002_habits.py": "Alembic finds it; test_schema.py migrates an older database",
    "examine/inspectors/disk_image.py": "found by kind; test_scripts_and_programs.py, the disk image",
    "examine/inspectors/office_binary.py": "found by kind; test_documents_without_macros.py, the legacy documents",
    "examine/inspectors/office_package.py": "found by kind; test_documents_without_macros.py, the Office packages",
    "examine/ole_streams.py": "office_binary reads with it",
}

#: What has no place in the source → why.
FORBIDDEN = {
    r"\b(?:TODO|FIXME|XXX|HACK)\b": "finish it, or file an issue",
    r"\braise NotImplementedError\b": "do not ship half a thing",
    r"pragma: no cover": "test it, or take it out",
    r"/(?:work|root|farm|home/\w+)/": "a path of one machine",
    r"noqa\b(?!: [A-Z])": "name the rule",
    r"noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*\s*$": "give the reason behind the rule",
    r"type: ignore(?!\[)": "name the error",
    r"type: ignore\[[\w, -]+\]\s*$": "give the reason behind the error",
    r"^\s*(?:from pickle|import pickle|from marshal|import marshal)\b": "never across the wall",
    r"(?<![\w.])(?:eval|exec)\(": "nothing here runs text",
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        name = prefix + getattr(node, "name", "")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield name, node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from functions(node, f"{name}.")


def test_files_are_short():
    long = {name for name, text in MODULES.items() if text.count("\n") > FILE_LINES}
    assert sorted(long) == sorted(LONG_FILES), (
        "a longer file stands in LONG_FILES with its reason, a shorter one does not"
    )


def test_functions_are_short():
    long = {
        f"{name}:{function}"
        for name, text in MODULES.items()
        for function, node in functions(ast.parse(text))
        if (node.end_lineno or node.lineno) - node.lineno >= FUNCTION_LINES
    }
    assert sorted(long) == sorted(LONG_FUNCTIONS), (
        "a longer function stands in LONG_FUNCTIONS with its reason, a shorter does not"
    )


def test_only_the_places_named_catch_everything():
    broad = {
        name
        for name, text in MODULES.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ExceptHandler) and swallows_everything(node)
    }
    assert sorted(broad) == sorted(BROAD_EXCEPT)


def swallows_everything(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException")) for kind in kinds
    )
    last = handler.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


@pytest.mark.parametrize(("pattern", "why"), FORBIDDEN.items(), ids=FORBIDDEN.values())
def test_the_source_holds_no(pattern, why):
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, text in MODULES.items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == [], why


def test_every_module_says_what_it_is_for():
    assert not [name for name, text in MODULES.items() if not ast.get_docstring(ast.parse(text))]


def test_no_module_has_a_name_that_says_nothing():
    assert not [name for name in MODULES if EMPTY_NAMES & {*Path(name).with_suffix("").parts}]


def test_every_module_is_reached_from_a_test():
    """By a test file of its name, by one that imports it, or through a module of which this is true.

    Plugins are found, not imported: there a test names them.
    """
    texts = {path: path.read_text() for path in TESTS.rglob("*.py") if path.name != Path(__file__).name}
    named = {path.stem.removeprefix("test_") for path in texts}
    words = {word for text in texts.values() for word in re.findall(r"\w+", text.replace("-", "_"))}
    waiting = {module for text in texts.values() for module in imports(ast.parse(text))}
    waiting |= {dotted(name) for name in MODULES if Path(name).stem in (words if plugin(name) else named)}
    known = {dotted(name): imports(ast.parse(text)) for name, text in MODULES.items()}
    reached: set[str] = set()
    while waiting:
        reached |= waiting
        waiting = {one for module in waiting for one in known.get(module, ())} - reached
    unreached = {name for name in MODULES if dotted(name) not in reached and Path(name).name != "__init__.py"}
    assert sorted(unreached) == sorted(NOT_REACHED)


def plugin(name: str) -> bool:
    return Path(name).parent.name in ("formats", "inspectors", "signals")


def dotted(name: str) -> str:
    parts = ("seriema", *Path(name).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> list[str]:
    """What a module imports, and what it names as text to be imported later."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("seriema."):
            found.append(node.value)
    return found
