"""One management session's state machine: modes, questions, commands and replies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from headend.lab import show
from headend.lab.box import Box
from headend.lab.commands import NOT_ALLOWED, Commands
from headend.lab.configuring import ANONYMOUS_REPORTING, STANDBY_WARNING, Configurer, Place
from headend.lab.grammar import Command, Grammar, Misfit
from headend.lab.terminal import Terminal
from headend.lab.vocabulary import CONFIGURATION, PRIVILEGED, USER

_REPORTING_QUESTION: Final = "the product? [Y]es, [N]o, [A]sk later: "
_TRIES: Final = 3
_FULL: Final = 15

Tester = Callable[[tuple[str, ...]], Awaitable[list[str]]]


class Shell:
    """A session at a headend's command line; it is one of the box's terminals."""

    def __init__(
        self,
        box: Box,
        identity: tuple[int, str, str],
        write: Callable[[str], None],
        hang_up: Callable[[str], None],
        tester: Tester,
    ) -> None:
        self.sid, self.username, self.client_ip = identity
        self.alive = True
        self.monitoring = False
        self.debugs: dict[str, int] = {}
        self.abort: Callable[[], None] = lambda: None
        self._box = box
        self._write = write
        self._hang_up = hang_up
        self._tester = tester
        self._level = 1
        self._place: Place | None = None
        self._question: Callable[[str], None] | None = None
        self._tries = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._commands = Commands(box, self, lambda: self._level)
        self.terminal = Terminal(write, self._line, self._key)

    @property
    def mode(self) -> str:
        """``user``, ``privileged``, or the configuration mode's name."""
        if self._place:
            return self._place.mode
        return "user" if self._level == 1 else "privileged"

    @property
    def prompt(self) -> str:
        """The prompt of the present mode."""
        name = self._box.prompt_name
        if self._level == 1:
            return f"{name}> "
        return f"{name}({self._place.mode})# " if self._place else f"{name}# "

    def start(self) -> None:
        """Print what follows a login, and the first prompt."""
        box = self._box
        lines = show.login_notice(box, self.username)
        self._write("\r\n".join(lines) + "\r\n")
        authorization = box.configuration.find("aaa", "authorization", "exec")
        if any("auto-enable" in one.tokens for one in authorization):
            self._level = box.spec.privilege
        lines_a_page = box.configuration.value("pager", "lines") or ["24"]
        self.terminal.page = int(lines_a_page[0])
        self._ready()

    def _ready(self, lines: Iterable[str] = ()) -> None:
        self._question = None
        self.terminal.masked = False
        self.terminal.width = int((self._box.configuration.value("terminal", "width") or ["80"])[0])
        self.terminal.prompt = self.prompt
        self.terminal.show(lines)

    def write_lines(self, lines: Iterable[str]) -> None:
        """Print foreign lines where the cursor is: after the prompt, if that is idle."""
        width = self.terminal.width
        if self._box.spec.wrap_debug and width:
            lines = [
                line[at : at + width] for line in lines for at in range(0, len(line) or 1, width)
            ]
        self._write("".join(f"{line}\r\n" for line in lines))

    def end(self, reason: str) -> None:
        """End this session, which takes its debugs with it."""
        self._hang_up(reason)

    def _line(self, line: str) -> None:
        if self._question is not None:
            if not self.terminal.masked:
                self._record("question", line)
            self._question(line)
            return
        self._record(self.mode, line)
        command = line.strip()
        if not command or command.startswith("!"):
            self._ready()
        elif self._place is not None:
            self._configure(command, line)
        else:
            self._exec(line, USER if self._level == 1 else PRIVILEGED)

    def _record(self, mode: str, line: str) -> None:
        self._box.received.append((self.sid, mode, line))

    def _key(self, key: str, typed: str) -> bool:
        if key == "\x03":
            self._write("^C\r\n")
            self._ready()
            return True
        if key == "\x1a" and self._place:
            self._place = None
            self._write("\r\n")
            self._ready()
            return True
        if key == "?" and self._question is None:
            grammar = self._grammar()
            self._write("?\r\n" + "".join(f"  {one}\r\n" for one in grammar.choices(typed)))
            self._write(f"{self.prompt}{typed}")
            return True
        return False

    def _grammar(self) -> Grammar:
        if self._place:
            return CONFIGURATION
        return USER if self._level == 1 else PRIVILEGED

    def _refuse(self, misfit: Misfit) -> None:
        caret = [] if misfit.at is None else [" " * (len(self.prompt) + misfit.at) + "^"]
        self._ready([*caret, misfit.message])

    def _exec(self, line: str, grammar: Grammar) -> None:
        body, bar, clause = line.partition(" | ")
        found = grammar.read(body)
        if isinstance(found, Misfit):
            self._refuse(found)
        elif bar and not found.pattern.startswith(("show", "more", "write")):
            self._refuse(Misfit("ERROR: % Invalid input detected at '^' marker.", len(body)))
        else:
            self._run(found, line, clause if bar else None)

    def _run(self, command: Command, line: str, clause: str | None) -> None:
        pattern = command.pattern
        if pattern in ("exit", "quit", "logout"):
            self._write("\r\nLogoff\r\n\r\n")
            self._hang_up("")
        elif pattern.startswith("enable"):
            self._enable()
        elif pattern == "disable":
            self._level = 1
            self._ready()
        elif pattern == "login":
            self._question = lambda _: self._ask(self._login_failed, "Password: ")
            self.terminal.ask("Username: ")
        elif pattern == "terminal pager <word>":
            self._pager(command, line)
        elif pattern == "configure terminal":
            self._enter_configuration()
        elif pattern == "show terminal":
            width, monitor = self.terminal.width, "" if self.monitoring else "no "
            self._ready([f"Width = {width}, {monitor}monitor", "terminal interactive"])
        elif pattern == "show pager":
            page = self.terminal.page
            self._ready([f"pager lines {page}" if page else "no pager"])
        elif pattern.startswith("test "):
            self._test(command)
        else:
            self._answer(command, line, clause)

    def _answer(self, command: Command, line: str, clause: str | None) -> None:
        output = self._commands.run(command)
        if output is not None and clause is not None:
            output = show.filtered(output, clause)
        if not self.alive:
            return
        if output is None:
            at = len(line.rstrip()) - len(line.rsplit(maxsplit=1)[-1])
            self._refuse(Misfit("ERROR: % Invalid input detected at '^' marker.", at))
        else:
            self._ready(output)

    def _pager(self, command: Command, line: str) -> None:
        words = [word for word in command.arguments if word.isdecimal()]
        if words:
            self.terminal.page = int(words[0])
            self._ready()
        else:
            at = line.rindex(command.arguments[0])
            self._refuse(Misfit("ERROR: % Invalid input detected at '^' marker.", at))

    def _ask(self, answer: Callable[[str], None], prompt: str) -> None:
        self._question = answer
        self.terminal.ask(prompt, masked=True)

    def _login_failed(self, _: str) -> None:
        self._ready(["%Login failed", "ERROR: Invalid username"])

    def _enable(self) -> None:
        self._tries = 0
        self._ask(self._enable_password, "Password: ")

    def _enable_password(self, typed: str) -> None:
        if self._box.enables(typed) and not self._box.spec.refuse_enable:
            self._level = max(self._box.spec.privilege, 2)
            self._ready()
            return
        self._tries += 1
        self._write("Invalid password\r\n")
        if self._tries < _TRIES:
            self._ask(self._enable_password, "Password: ")
        else:
            self._ready(["Access denied."])

    def _enter_configuration(self) -> None:
        if self._level < _FULL:
            self._ready([NOT_ALLOWED])
            return
        self._place = Place()
        box = self._box
        if box.spec.failover_role == "standby":
            self._write("".join(f"{line}\r\n" for line in STANDBY_WARNING))
        if box.asked_anonymous_reporting:
            self._ready()
            return
        # The question comes after the prompt, so that a hasty client types into it.
        box.asked_anonymous_reporting = True
        self._write(f"{self.prompt}\r\n\r\n" + "\r\n".join(ANONYMOUS_REPORTING) + "\r\n")
        self._question = self._reporting
        self.terminal.ask(_REPORTING_QUESTION)

    def _reporting(self, answer: str) -> None:
        choice = answer.strip()[:1].lower()
        if choice == "y":
            self._box.configuration.add("call-home reporting anonymous")
        elif choice == "a":
            self._box.asked_anonymous_reporting = False
        elif choice != "n":
            self.terminal.ask(_REPORTING_QUESTION)
            return
        self._ready(
            []
            if choice == "y"
            else [
                "",
                "In the future, if you would like to enable this feature,",
                'issue the command "call-home reporting anonymous".',
            ]
        )

    def _configure(self, command: str, line: str) -> None:
        place = self._place or Place()
        if command in ("exit", "quit", "end"):
            up = place.above if command != "end" else None
            self._place = up
            self._ready()
            return
        first = command.split(maxsplit=1)[0]
        outcome = Configurer(self._box.configuration).apply(command, place)
        if outcome.bad is not None:
            exec_command = CONFIGURATION.read(line.partition(" | ")[0])
            if isinstance(exec_command, Command):
                self._exec(line, CONFIGURATION)
                return
            words = command.split()
            at = line.index(words[min(outcome.bad, len(words) - 1)], line.index(first))
            self._refuse(Misfit("ERROR: % Invalid input detected at '^' marker.", at))
            return
        self._place = outcome.place
        text = f"User '{self.username}', running 'CLI' from IP {self.client_ip}, executed "
        self._box.log.add(5, 111010, f"{text}'{command}'")
        warning = STANDBY_WARNING if self._box.spec.failover_role == "standby" else ()
        self._ready([*warning, *outcome.output])

    def _test(self, command: Command) -> None:
        self.terminal.busy = True

        async def run() -> None:
            lines = await self._tester(command.arguments)
            self.terminal.busy = False
            if self.alive:
                self._ready(lines)
                self.terminal.pump()

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
