"""One management session's state machine: modes, questions, commands and replies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from headend.lab import show
from headend.lab.box import Box
from headend.lab.commands import NOT_ALLOWED, Commands
from headend.lab.configuring import (
    ANONYMOUS_REPORTING,
    REPORTING_ANSWERS,
    STANDBY_WARNING,
    Configurer,
    Place,
)
from headend.lab.contexts import admin, place
from headend.lab.enabling import Enabling
from headend.lab.grammar import Command, Grammar, Misfit
from headend.lab.server_test import ServerTest, Tester, Work
from headend.lab.terminal import Terminal
from headend.lab.vocabulary import CONFIGURATION, PRIVILEGED, SYSTEM, USER

_REPORTING_QUESTION: Final = "the product? [Y]es, [N]o, [A]sk later: "
_FULL: Final = 15


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
        self._chassis = box
        self._write = write
        self._hang_up = hang_up
        self._tester = tester
        self._level = 1
        self._place: Place | None = None
        self._question: Callable[[str], None] | None = None
        self._enabling = Enabling(box)
        self._tasks: set[asyncio.Task[None]] = set()
        self._enter(box.contexts.get(admin(box.spec), box))
        self.terminal = Terminal(write, self._line, self._key, box.gates.reached)

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

    def _enter(self, box: Box) -> None:
        self._box = box
        self._commands = Commands(box, self, lambda: self._level)

    @property
    def context(self) -> str:
        """The context in which the session is; empty in single mode and in the system space."""
        return self._box.context

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
        self.terminal.print(lines, wrap=self._box.spec.wrap_debug)

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
        body, _, clause = command.partition(" | ")
        if not command or command.startswith("!"):
            self._ready()
        elif (said := self._box.replies.get(" ".join(body.split()))) is not None:
            told = said.split("\n")
            self._ready((show.filtered(told, clause) if clause else told) or ())
        elif self._place is not None:
            self._configure(command, line)
        else:
            self._exec(line, self._grammar())

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
        if self._level == 1:
            return USER
        system = self._chassis.contexts and not self.context
        return SYSTEM if system else PRIVILEGED

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
            self._ask(self._password, "Password: ")
        elif pattern == "disable":
            self._level = 1
            self._ready()
        elif pattern == "login":
            failed = ["%Login failed", "ERROR: Invalid username"]
            again = partial(self._ask, lambda _: self._ready(failed), "Password: ")
            self._ask(lambda _: again(), "Username: ", masked=False)
        elif pattern == "terminal pager <word>":
            self._pager(command, line)
        elif pattern == "configure terminal":
            self._enter_configuration()
        elif pattern.startswith("test "):
            ServerTest(self._box, self._tester, self._ask, self._ready, self._await).start(command)
        elif pattern.startswith("changeto"):
            self._change_to("".join(command.arguments))
        else:
            self._answer(command, line, clause)

    def _answer(self, command: Command, line: str, clause: str | None) -> None:
        output = self.terminal.about(
            command.pattern, monitoring=self.monitoring
        ) or self._commands.run(command)
        if output is not None and clause is not None:
            output = show.filtered(output, clause)
        if self.alive and output is None:
            at = len(line.rstrip()) - len(line.rsplit(maxsplit=1)[-1])
            self._refuse(Misfit("ERROR: % Invalid input detected at '^' marker.", at))
        elif self.alive:
            self._ready(output or ())

    def _pager(self, command: Command, line: str) -> None:
        words = [word for word in command.arguments if word.isdecimal()]
        if words:
            self.terminal.page = int(words[0])
            self._ready()
        else:
            at = line.rindex(command.arguments[0])
            self._refuse(Misfit("ERROR: % Invalid input detected at '^' marker.", at))

    def _change_to(self, name: str) -> None:
        there = place(self._chassis, name)
        if isinstance(there, Box):
            self._enter(there)
        self._ready([] if isinstance(there, Box) else [there])

    def _ask(self, answer: Callable[[str], None], prompt: str, *, masked: bool = True) -> None:
        self._question = answer
        self.terminal.ask(prompt, masked=masked)

    def _password(self, typed: str) -> None:
        answer = self._enabling.judge(typed)
        self._write(answer.text)
        if answer.again:
            self._ask(self._password, "Password: ")
            return
        self._level = answer.level or self._level
        self._ready()

    def _enter_configuration(self) -> None:
        if self._level < _FULL:
            self._ready([NOT_ALLOWED])
            return
        self._place = Place()
        box = self._box
        if box.role == "standby":
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
        if choice not in REPORTING_ANSWERS:
            self.terminal.ask(_REPORTING_QUESTION)
            return
        if choice == "y":
            self._box.configuration.add("call-home reporting anonymous")
        self._box.asked_anonymous_reporting = choice != "a"
        self._ready(REPORTING_ANSWERS[choice])

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
        warning = STANDBY_WARNING if self._box.role == "standby" else ()
        self._ready([*warning, *outcome.output])

    def _await(self, work: Work) -> None:
        self.terminal.busy = True

        async def run() -> None:
            lines = await work
            self.terminal.busy = False
            if self.alive:
                self._ready(lines)
                self.terminal.pump()

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
