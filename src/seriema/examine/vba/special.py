"""Statements with a syntax of their own: files, ``Mid`` and ``LSet`` on a variable, ``Erase``, ``Error``.

[MS-VBAL] 5.4.5.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from seriema.examine.vba.conversion import text, whole
from seriema.examine.vba.machine import Frame
from seriema.examine.vba.operators import plain
from seriema.examine.vba.scope import Load, Store
from seriema.examine.vba.signals import Run, Signal
from seriema.examine.vba.storage import Handle, closed, opened, taken
from seriema.examine.vba.syntax import Expression, Special
from seriema.examine.vba.values import MISSING, Array, Fault, HalfKnown, Unknown, Value, joined

if TYPE_CHECKING:
    from seriema.examine.vba.statement_closures import StatementCompiler


def special(compiler: "StatementCompiler", tree: Special) -> Run | None:
    """A closure for one such statement."""
    make = _MAKERS.get(tree.word)
    return make(compiler, tree) if make else None


def _loads(compiler: "StatementCompiler", operands: tuple[Expression | None, ...]) -> list[Load]:
    return [compiler.expressions.load(one) if one is not None else _missing for one in operands]


def _missing(_: Frame) -> Value:
    return MISSING


def _number(compiler: "StatementCompiler", value: Value) -> int:
    number = plain(compiler.machine, value)
    return round(number) if isinstance(number, int | float) else 0


def _open(compiler: "StatementCompiler", tree: Special) -> Run:
    machine, place = compiler.machine, (compiler.module, tree.line)
    path, number = _loads(compiler, tree.operands)

    def run(f: Frame) -> Signal:
        machine.at = place
        machine.spend(5)
        name = text(machine.let_value(path(f)))
        machine.handles[_number(compiler, number(f))] = opened(machine, name, tree.detail)
        return None

    return run


def _close(compiler: "StatementCompiler", tree: Special) -> Run:
    loads = _loads(compiler, tree.operands)

    def run(f: Frame) -> Signal:
        numbers = [_number(compiler, load(f)) for load in loads] or list(compiler.machine.handles)
        for number in numbers:
            closed(compiler.machine, number)
        return None

    return run


def _print(compiler: "StatementCompiler", tree: Special) -> Run:
    """``Print #`` and ``Write #``."""
    machine = compiler.machine
    number, *loads = _loads(compiler, tree.operands)
    quotes = tree.word == "write"

    def run(f: Frame) -> Signal:
        values = [machine.let_value(load(f)) for load in loads]
        handle = machine.handles.get(_number(compiler, number(f)))
        if handle is None:
            if number is _missing:
                return None  # Debug.Print and the like
            raise Fault(52)
        parts: list[Value] = []
        for value in values:
            words = text(value) if value is not MISSING else ""
            if parts and quotes:
                parts.append(",")
            parts.append(joined('"', words, '"') if quotes and isinstance(words, str | HalfKnown) else words)
        line = joined(*parts, "\r\n")
        if isinstance(line, str):
            handle.write(machine, line.encode("cp1252", "replace"))
        else:
            _write_unknown(handle, values)
        return None

    return run


def _write_unknown(handle: Handle, values: list[Value]) -> None:
    """Something that is not known is written; the answer of an address makes the file its copy."""
    handle.file.opaque = handle.file.written = True
    origin = next((one.origin for one in values if isinstance(one, Unknown) and one.origin is not None), None)
    if origin is not None:
        handle.file.source = origin


def _put(compiler: "StatementCompiler", tree: Special) -> Run:
    """``Put #1, place, value``."""
    machine = compiler.machine
    loads = _loads(compiler, tree.operands)

    def run(f: Frame) -> Signal:
        values = [load(f) for load in loads]
        handle = machine.handles.get(_number(compiler, values[0])) if values else None
        if handle is None or len(values) < 3:
            raise Fault(52)
        place = plain(machine, values[1]) if values[1] is not MISSING else None
        if isinstance(place, int) and 0 < place <= 1 << 23:
            handle.at = place - 1
        data = _bytes(machine.let_value(values[2]) if not isinstance(values[2], Array) else values[2])
        if data is None:
            _write_unknown(handle, [values[2], *(values[2].items[:4] if isinstance(values[2], Array) else ())])
        else:
            handle.write(machine, data)
        return None

    return run


def _bytes(value: Value) -> bytes | None:
    """A value as ``Put`` writes it."""
    if isinstance(value, Array):
        if value.kind == "byte" or all(type(one) is int and 0 <= one < 256 for one in value.items):
            return bytes(one & 0xFF for one in value.items) if all(type(one) is int for one in value.items) else None
        return None
    if isinstance(value, str):
        return value.encode("cp1252", "replace")
    if type(value) is int:
        return (value & 0xFF).to_bytes(1, "little") if 0 <= value < 256 else (value & 0xFFFFFFFF).to_bytes(4, "little")
    return None


def _read(compiler: "StatementCompiler", tree: Special) -> Run:
    """``Get``, ``Input #``, ``Line Input #``: a file that the macro wrote is known, any other is not."""
    machine = compiler.machine
    number, *_ = _loads(compiler, tree.operands)
    targets = [one for one in tree.operands[1:] if one is not None]
    if tree.word == "get":
        targets = targets[-1:]
    stores: list[tuple[Load, Store]] = [
        (compiler.expressions.load(one), compiler.store(one, is_set=True)) for one in targets
    ]

    def run(f: Frame) -> Signal:
        handle = machine.handles.get(_number(compiler, number(f)))
        for load, store in stores:
            if handle is None or handle.opaque:
                store(f, Unknown())
            elif tree.word == "get":
                store(f, _got(handle, load(f)))
            else:
                store(f, handle.read_line())
        return None

    return run


def _got(handle: Handle, present: Value) -> Value:
    """As many bytes as the variable has room for."""
    size = len(present.items) if isinstance(present, Array) else len(present) if isinstance(present, str) else 1
    read = handle.read(size)
    if isinstance(present, Array) and isinstance(read, str):
        return Array(present.bounds, list(read.encode("cp1252", "replace").ljust(size, b"\0")), present.kind)
    return read


def _seek(compiler: "StatementCompiler", tree: Special) -> Run:
    machine = compiler.machine
    loads = _loads(compiler, tree.operands)

    def run(f: Frame) -> Signal:
        values = [plain(machine, load(f)) for load in loads]
        handle = machine.handles.get(round(values[0])) if values and isinstance(values[0], int) else None
        if handle is not None and len(values) > 1 and isinstance(values[1], int) and 0 < values[1] <= 1 << 23:
            handle.at = values[1] - 1
        return None

    return run


def _rename(compiler: "StatementCompiler", tree: Special) -> Run:
    machine, place = compiler.machine, (compiler.module, tree.line)
    old, new = _loads(compiler, tree.operands)

    def run(f: Frame) -> Signal:
        machine.at = place
        taken(machine, text(machine.let_value(old(f))), text(machine.let_value(new(f))), "Name", keep=False)
        return None

    return run


def _mid(compiler: "StatementCompiler", tree: Special) -> Run:
    """``Mid(variable, start, length) = text`` puts characters in place of others."""
    target, *others = tree.operands
    assert target is not None
    load, store = compiler.expressions.load(target), compiler.store(target, is_set=False)
    loads, machine = _loads(compiler, tuple(others)), compiler.machine

    def run(f: Frame) -> Signal:
        *numbers, given = [load(f) for load in loads]
        words, put = text(machine.let_value(load(f))), text(machine.let_value(given))
        places = [whole(plain(machine, one)) for one in numbers if one is not MISSING]
        if not isinstance(words, str) or not places or any(type(one) is Unknown for one in places):
            store(f, Unknown())
            return None
        start = places[0] - 1
        if not 0 <= start < len(words):
            raise Fault(5)
        room = min(len(words) - start, places[1] if len(places) > 1 else len(words))
        if isinstance(put, str):
            put = put[:room]
            machine.characters += len(words) >> 3
            store(f, words[:start] + put + words[start + len(put) :])
        else:
            count = len(put.pieces) if isinstance(put, HalfKnown) else 1
            store(f, joined(words[:start], put, words[start + min(room, count) :]))
        return None

    return run


def _padded(compiler: "StatementCompiler", tree: Special) -> Run:
    """``LSet`` and ``RSet``: as long as the variable already is."""
    target, value = tree.operands
    assert target is not None
    assert value is not None
    load, store, given = (
        compiler.expressions.load(target),
        compiler.store(target, is_set=False),
        compiler.expressions.load(value),
    )
    left, machine = tree.word == "lset", compiler.machine

    def run(f: Frame) -> Signal:
        old, new = machine.let_value(load(f)), machine.let_value(given(f))
        if isinstance(old, str) and isinstance(new, str):
            store(f, new[: len(old)].ljust(len(old)) if left else new[: len(old)].rjust(len(old)))
        else:
            store(f, new)
        return None

    return run


def _erase(compiler: "StatementCompiler", tree: Special) -> Run:
    pairs = [
        (compiler.expressions.load(one), compiler.store(one, is_set=True)) for one in tree.operands if one is not None
    ]

    def run(f: Frame) -> Signal:
        for load, store in pairs:
            old = load(f)
            if isinstance(old, Array):
                store(f, Array(((0, -1),), [], old.kind))
        return None

    return run


def _error(compiler: "StatementCompiler", tree: Special) -> Run:
    (load,) = _loads(compiler, tree.operands)

    def run(f: Frame) -> Signal:
        raise Fault(_number(compiler, load(f)))

    return run


def _event(compiler: "StatementCompiler", tree: Special) -> Run:
    """``RaiseEvent``: every procedure whose name ends with the event's is called."""
    machine, loads = compiler.machine, _loads(compiler, tree.operands)

    def run(f: Frame) -> Signal:
        values = [load(f) for load in loads]
        machine.calls.raised(tree.detail, values)
        return None

    return run


_MAKERS: dict[str, Callable[["StatementCompiler", Special], Run]] = {
    "open": _open, "close": _close, "print": _print, "write": _print, "put": _put, "get": _read, "input": _read,
    "line input": _read, "seek": _seek, "name": _rename, "mid": _mid, "midb": _mid, "lset": _padded, "rset": _padded,
    "erase": _erase, "error": _error, "raiseevent": _event,
}  # fmt: skip
