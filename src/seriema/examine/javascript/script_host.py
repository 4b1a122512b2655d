"""Objects that scripts make by name in Windows (Windows Script Host, MSXML, ADO, Shell and WMI references).

Nothing is fetched, stored or run: what a call would do is said.
"""

from collections.abc import Callable

from seriema.examine.javascript.values import HOLE, UNKNOWN, Host, Value, given, text, whole

Values = list[Value]
Say = Callable[[str, str, bytes], None]
_FOLDERS = {0: "%WINDIR%", 1: r"%WINDIR%\System32", 2: "%TEMP%"}


def called(say: Say, owner: Host, method: str, _: Value, got: Values) -> Value:
    """Call a method, by its name in lower case; other methods give what is not known."""
    answer = _CALLS.get(method)
    return answer(say, owner, got) if answer else UNKNOWN


def _open(say: Say, owner: Host, got: Values) -> Value:
    if "xmlhttp" in owner.name or "winhttp" in owner.name:
        say("fetches", text(given(got, 1)), b"")
    return UNKNOWN


def _run(say: Say, _: Host, got: Values) -> Value:
    say("runs", text(given(got, 0)), b"")
    return 0


def _shell_execute(say: Say, _: Host, got: Values) -> Value:
    arguments = given(got, 1, "")
    say("runs", f"{text(given(got, 0))} {text(arguments) if isinstance(arguments, str) else ''}".strip(), b"")
    return UNKNOWN


def _create(say: Say, owner: Host, got: Values) -> Value:
    if "win32_process" in owner.name or "winmgmts" in owner.name:
        say("runs", text(given(got, 0)), b"")
    return UNKNOWN


def _save(say: Say, owner: Host, got: Values) -> Value:
    kept = owner.kept.get("content", b"")
    say("stores", text(given(got, 0)), kept if isinstance(kept, bytes) else b"")
    return UNKNOWN


def _text_file(_: Say, __: Host, got: Values) -> Value:
    return Host("object:text-file", {"path": text(given(got, 0))})


def _write(say: Say, owner: Host, got: Values) -> Value:
    """Into a text file, or into a stream that is saved afterwards."""
    value = given(got, 0)
    content = bytes(value) if isinstance(value, bytearray) else text(value).replace(HOLE, "").encode("utf-8", "replace")
    if "path" in owner.kept:
        say("stores", text(owner.kept["path"]), content)
    elif value is not UNKNOWN:
        owner.kept["content"] = content
    return UNKNOWN


_CALLS: dict[str, Callable[[Say, Host, Values], Value]] = {
    "open": _open,
    "run": _run,
    "exec": _run,
    "shellexecute": _shell_execute,
    "create": _create,
    "savetofile": _save,
    "createtextfile": _text_file,
    "opentextfile": _text_file,
    "write": _write,
    "writetext": _write,
    "writeline": _write,
    "expandenvironmentstrings": lambda _, __, got: given(got, 0),
    "getspecialfolder": lambda _, __, got: _FOLDERS.get(whole(given(got, 0)), HOLE),
    "buildpath": lambda _, __, got: f"{text(given(got, 0))}\\{text(given(got, 1))}",
    "get": lambda _, owner, got: Host(f"{owner.name}:{text(given(got, 0)).lower()}"),
    "namespace": lambda *_: Host("object:folder"),
    "environment": lambda *_: Host("object:environment"),
}
