"""Processes under test: each in a session of its own, with capped memory, counted and ended together with its children."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

MEMORY = 12 * 1024**3  # bytes of address space that a process may have
_GRACE = 10.0  # seconds that a server is given to end by itself
_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


class ProcessFailed(Exception):
    """A program that ended, or did not do its work in time; the message has the end of what it printed."""


class Process:
    """A server that runs, with all processes that it started."""

    def __init__(self, command: Sequence[str], log: Path, folder: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._main = subprocess.Popen(
                cap_command(command), cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )

    def check_running(self) -> None:
        """Raises ProcessFailed where the server has ended."""
        if self._main.poll() is not None:
            raise ProcessFailed(f"ended with status {self._main.returncode}: {read_end(self.log)}")

    def list_members(self) -> list[int]:
        """The processes of the session, and what descends from the server with a session of its own."""
        found = {self._main.pid}
        alive = _read_processes()
        members: set[int] = set()
        while found:
            members |= found
            found = {
                pid for pid, (parent, session) in alive.items() if parent in members or session == self._main.pid
            } - members
        return sorted(members & alive.keys())

    def measure_memory(self) -> int:
        """Bytes of all processes together, shared pages divided by those who share them (proportional set size)."""
        return sum(_read_pss(pid) for pid in self.list_members())

    def stop(self) -> None:
        """Asks the server to end, then kills what is left of its session."""
        known = set(self.list_members())
        self._main.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._main.wait(_GRACE)
        deadline = time.monotonic() + _GRACE
        while (left := known & _read_processes().keys() | set(self.list_members())) and time.monotonic() < deadline:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._main.poll()
            time.sleep(0.01)
        self._main.wait()


def run_program(command: Sequence[str], log: Path, folder: Path, seconds: float) -> float:
    """Runs a program to its end and returns how many seconds that took; raises ProcessFailed."""
    start = time.monotonic()
    with log.open("ab") as output:
        try:
            result = subprocess.run(
                cap_command(command),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ProcessFailed(f"{command[0]} was not done in {seconds:g} s") from None
    if result.returncode:
        raise ProcessFailed(f"{command[0]} ended with status {result.returncode}: {read_end(log)}")
    return time.monotonic() - start


def cap_command(command: Sequence[str]) -> list[str]:
    """The command with its memory capped, and ended when the bench is killed."""
    if sys.platform != "linux":
        raise ProcessFailed("the bench needs Linux: it reads /proc and caps memory with prlimit")
    return ["setpriv", "--pdeathsig", "TERM", "prlimit", f"--as={MEMORY}", *command]


def read_end(log: Path) -> str:
    """The last lines of a log, on one line."""
    return " / ".join(log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:])


def _read_processes() -> dict[int, tuple[int, int]]:
    """Parent and session of every process that has not ended."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):
                state = (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
                if state[0] not in "ZX":
                    found[int(entry.name)] = int(state[1]), int(state[3])
    return found


def _read_pss(pid: int) -> int:
    try:
        match = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"))
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(match[1]) * 1024 if match else 0
