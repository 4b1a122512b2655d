"""``Err``, ``Debug``, ``WScript`` and the script control: what scripts and error handlers use."""

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Ended
from seriema.examine.vba.objects.creating import HOSTS, SCRIPT_CONTROL
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.values import MISSING, UNKNOWN, Fault, Unknown, Value


class ErrorObject(HostObject):
    """``Err``."""

    kind = "ErrObject"

    def default(self) -> Value:
        """Its number."""
        return self.machine.error[0]

    def do_number(self) -> Value:
        """The last run-time error."""
        return self.machine.error[0]

    def put_number(self, value: Value) -> None:
        """Assign it."""
        self.machine.error = (value if isinstance(value, int) else 0, self.machine.error[1])

    def do_description(self) -> Value:
        """What it says."""
        return self.machine.error[1] or _DESCRIPTIONS.get(
            self.machine.error[0], "Application-defined or object-defined error" if self.machine.error[0] else ""
        )

    def put_description(self, value: Value) -> None:
        """Assign it."""
        self.machine.error = (self.machine.error[0], value if isinstance(value, str) else "")

    def do_clear(self) -> Value:
        """No error."""
        self.machine.error = (0, "")

    def do_raise(self, number: Value = MISSING, source: Value = MISSING, description: Value = MISSING) -> Value:
        """A run-time error."""
        raise Fault(number if isinstance(number, int) else 5, description if isinstance(description, str) else "")


_DESCRIPTIONS = {
    5: "Invalid procedure call or argument", 6: "Overflow", 7: "Out of memory", 9: "Subscript out of range",
    11: "Division by zero", 13: "Type mismatch", 52: "Bad file name or number", 53: "File not found",
    62: "Input past end of file",
    91: "Object variable or With block variable not set", 94: "Invalid use of Null", 424: "Object required",
    438: "Object doesn't support this property or method",
    457: "This key is already associated with an element of this collection",
}  # fmt: skip


class DebugObject(HostObject):
    """``Debug``: nobody sees what it prints."""

    kind = "Debug"

    def do_print(self, *values: Value) -> Value:
        """Nothing."""

    do_assert = do_print


class WScriptObject(HostObject):
    """``WScript`` of Windows Script Host."""

    kind = "WScript"

    def do_createobject(self, name: Value = MISSING, prefix: Value = MISSING) -> Value:
        """An object by its class."""
        return self.machine.calls.create_named(self.machine.let_value(name))

    def do_quit(self, code: Value = MISSING) -> Value:
        """The script ends."""
        raise Ended

    def do_sleep(self, milliseconds: Value = MISSING) -> Value:
        """Nothing."""

    do_echo = do_sleep

    def do_scriptfullname(self) -> Value:
        """Where the script lies."""
        return Unknown(label="%SCRIPT%")

    do_scriptname = do_scriptfullname

    def do_arguments(self, index: Value = MISSING) -> Value:
        """What it was given."""
        return Items(self.machine, [], first=0, absent=UNKNOWN) if index is MISSING else UNKNOWN


class ScriptControl(HostObject):
    """``MSScriptControl.ScriptControl``: VBScript that is made at run time."""

    kind = "ScriptControl"

    def _run(self, code: Value) -> Value:
        words = text(self.machine.let_value(code))
        language = self.extra.get("language", "vbscript")
        if isinstance(language, str) and "vb" in language.lower():
            return self.machine.calls.execute(words)
        self.machine.sink("run", words, "ScriptControl")
        return UNKNOWN

    def do_addcode(self, code: Value = MISSING) -> Value:
        """Takes code over."""
        return self._run(code)

    do_executestatement = do_addcode

    def do_eval(self, expression: Value = MISSING) -> Value:
        """The value of an expression."""
        return self.machine.calls.evaluate(self.machine.let_value(expression))

    def do_run(self, *values: Value) -> Value:
        """A procedure of that code."""
        return self.machine.calls.run(values[0] if values else UNKNOWN, list(values[1:]))

    def do_addobject(self, *values: Value) -> Value:
        """Nothing that matters here."""


HOSTS.update(
    {
        "err": lambda machine, name: ErrorObject(machine),
        "debug": lambda machine, name: DebugObject(machine),
        "wscript": lambda machine, name: WScriptObject(machine),
        SCRIPT_CONTROL: lambda machine, name: ScriptControl(machine),
    }
)
