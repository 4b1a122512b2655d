"""WMI: ``Win32_Process.Create`` runs, queries are unknown; and the task scheduler.

WMI and Task Scheduler references.
"""

from collections.abc import Iterator

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject
from seriema.examine.vba.values import MISSING, UNKNOWN, Unknown, Value, joined


class Service(HostObject):
    """A connection: ``winmgmts:…``, or what a locator connects to."""

    kind = "SWbemServicesEx"

    def do_get(self, path: Value = MISSING) -> Value:
        """A class or object by its path."""
        return wmi_object(self.machine, text(self.machine.let_value(path)))

    def do_connectserver(self, server: Value = MISSING, namespace: Value = MISSING) -> Value:
        """A connection."""
        return self

    def do_execquery(self, query: Value = MISSING) -> Value:
        """Unknown answers: one of them."""
        return Answers(self.machine)

    do_instancesof = do_execnotificationquery = do_execquery

    def do_execmethod(self, path: Value = MISSING, name: Value = MISSING, parameters: Value = MISSING) -> Value:
        """A method of a class by its name."""
        if isinstance(name, str) and name.lower() == "create" and isinstance(parameters, Parameters):
            return Process(self.machine).do_create(parameters.extra.get("commandline", UNKNOWN))
        return wmi_object(self.machine, text(self.machine.let_value(path)))

    def do_security_(self) -> Value:
        """Nothing that matters here."""
        return self


class Answers(HostObject):
    """The answers to a query."""

    kind = "SWbemObjectSet"

    def items_in_order(self) -> Iterator[Value]:
        """One unknown answer."""
        yield UNKNOWN

    def do_count(self) -> Value:
        """Unknown."""
        return Unknown(usual=1)


class Process(HostObject):
    """``Win32_Process``."""

    kind = "SWbemObjectEx"

    def do_create(
        self, commandline: Value = MISSING, folder: Value = MISSING, startup: Value = MISSING, process: Value = MISSING
    ) -> Value:
        """Runs a command line."""
        self.machine.sink("run", text(self.machine.let_value(commandline)), "Win32_Process.Create")
        return Unknown(usual=0)

    def do_spawninstance_(self) -> Value:
        """Parameters or settings."""
        return Parameters(self.machine)

    def do_methods_(self, name: Value = MISSING) -> Value:
        """A method's description."""
        return self

    def do_inparameters(self) -> Value:
        """What a method takes."""
        return self

    def do_execmethod_(self, name: Value = MISSING, parameters: Value = MISSING) -> Value:
        """A method by its name."""
        if isinstance(name, str) and name.lower() == "create" and isinstance(parameters, Parameters):
            return self.do_create(parameters.extra.get("commandline", UNKNOWN))
        return UNKNOWN

    do_item = do_methods_


class Parameters(HostObject):
    """Settings and parameters: what is assigned is kept."""

    kind = "SWbemObjectEx"

    def do_spawninstance_(self) -> Value:
        """Another one."""
        return Parameters(self.machine)


class Scheduler(HostObject):
    """``Schedule.Service``: what a task's action starts is run."""

    kind = "TaskService"

    def do_connect(self) -> Value:
        """Nothing."""

    def do_getfolder(self, path: Value = MISSING) -> Value:
        """The folder of tasks."""
        return self

    def do_newtask(self, flags: Value = MISSING) -> Value:
        """A task."""
        return Task(self.machine)

    def do_registertaskdefinition(self, path: Value = MISSING, definition: Value = MISSING) -> Value:
        """The task is there."""
        if isinstance(definition, Task):
            for action in definition.actions:
                program, arguments = text(action.extra.get("path", UNKNOWN)), text(action.extra.get("arguments", ""))
                self.machine.sink(
                    "run", joined(program, " ", arguments) if arguments != "" else program, "RegisterTaskDefinition"
                )


class Task(HostObject):
    """A task's definition; its parts are one object here."""

    kind = "TaskDefinition"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.actions: list[HostObject] = []

    def do_actions(self) -> Value:
        """What it starts."""
        return Actions(self.machine, self)

    def other(self, name: str, values: list[Value]) -> Value:
        """Triggers, settings and the rest."""
        return self.extra.get(name) if name in self.extra else Parameters(self.machine)


class Actions(HostObject):
    """The actions of a task."""

    kind = "ActionCollection"

    def __init__(self, machine: Machine, task: Task) -> None:
        super().__init__(machine)
        self.task = task

    def do_create(self, kind: Value = MISSING) -> Value:
        """Another action."""
        action = HostObject(self.machine)
        if len(self.task.actions) < 32:
            self.task.actions.append(action)
        return action


def wmi_object(machine: Machine, path: Value) -> Value:
    """What stands behind a WMI path."""
    words = path.lower() if isinstance(path, str) else ""
    if "startup" in words and "win32_process" in words:
        return Parameters(machine)
    if "win32_process" in words:
        return Process(machine)
    if "scheduledjob" in words:
        return Process(machine)
    if words:
        return Parameters(machine)
    return Process(machine)
