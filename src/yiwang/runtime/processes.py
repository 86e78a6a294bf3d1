"""A group of processes that start together, are started again when they crash, and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from yiwang.kernel.text import Text
from yiwang.runtime.parent import follow

_STEP = 0.2
_STEADY = 30.0
"""Seconds of life after which a process counts as healthy and its waiting time falls back to the first."""
_BACKOFF = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
PATIENCE = 6.0
"""Seconds that the processes get to end by themselves before they are killed."""

_CRASHED = Text(
    "{name}意外退出（{code}），{wait} 秒后重新启动",
    "{name} ended unexpectedly ({code}); starting again in {wait} s",
)
Tell = Callable[[Text], None]


@dataclass
class Child:
    """One process of the group: its name for the user, its command, what its environment has besides ours."""

    name: Text
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    crashes: int = 0
    started: float = 0.0
    due: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own; it ends when this process ends, however that comes."""
        ourselves = os.getpid()
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment, "YIWANG_SUPERVISED": "1"},
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=lambda: follow(ourselves),  # noqa: PLW1509 (two system calls, no lock is taken)
        )
        self.started = time.monotonic()

    def signal_group(self, sent: signal.Signals) -> None:
        """Send a signal to the process and to those that it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, sent)


class Group:
    """Runs children until :meth:`ask_to_end`.

    Arguments:
        children: what to run.
        tell: where a message for the user goes.
        watch: called about once a second; mends what the children need (the database).
    """

    def __init__(self, children: list[Child], tell: Tell, watch: Callable[[], None] = lambda: None) -> None:
        self.children = children
        self.tell = tell
        self.watch = watch
        self._end = False

    def ask_to_end(self, *_: object) -> None:
        """End soon. May be called from a signal handler."""
        self._end = True

    def run(self, ready: Callable[[], bool] = lambda: True) -> None:
        """Start all, watch until asked to end, stop all. To be called in the main thread.

        ``ready`` is asked again and again until it says True, then no more.
        """
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sent, self.ask_to_end)
        told = False
        looked = time.monotonic()
        try:
            for child in self.children:
                child.start()
            while not self._end:
                told = told or ready()
                time.sleep(_STEP)
                if time.monotonic() - looked >= 1.0:
                    looked = time.monotonic()
                    self.watch()
                for child in self.children:
                    self._look_after(child)
        finally:
            self.stop()

    def stop(self) -> None:
        """End all children: asked first, killed after :data:`PATIENCE` seconds, with everything that they started."""
        alive = [child for child in self.children if child.process is not None]
        for child in alive:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        end = time.monotonic() + PATIENCE
        for child in alive:
            if child.process is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, end - time.monotonic()))
            child.signal_group(signal.SIGKILL)
            child.process.wait()
            child.process = None

    def _look_after(self, child: Child) -> None:
        if child.process is not None and child.process.poll() is not None:
            code = child.process.returncode
            child.signal_group(signal.SIGKILL)  # what a killed server leaves would hold its port
            child.process = None
            child.crashes = 0 if time.monotonic() - child.started > _STEADY else child.crashes + 1
            wait = _BACKOFF[min(child.crashes, len(_BACKOFF) - 1)]
            child.due = time.monotonic() + wait
            self.tell(_CRASHED.format(name=child.name, code=_ending(code), wait=f"{wait:g}"))
        elif child.process is None and time.monotonic() >= child.due and not self._end:
            child.start()


def web(host: str, port: int, *, workers: int = 2) -> Child:
    """The pages and the API: granian with Django under WSGI."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
               "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
               "--workers-kill-timeout", "4", "--respawn-failed-workers", "yiwang.site.wsgi:application"]  # fmt: skip
    return Child(Text("网页进程", "the web process"), command)


def live(host: str, port: int) -> Child:
    """Live events of public pages: uvicorn with a small ASGI application."""
    command = [sys.executable, "-m", "uvicorn", "--host", host, "--port", str(port), "--log-level", "warning",
               "--no-access-log", "--lifespan", "on", "--timeout-graceful-shutdown", "2",
               "yiwang.site.live:application"]  # fmt: skip
    return Child(Text("实时消息进程", "the live process"), command)


def worker() -> Child:
    """The log's sequencer and the acts whose time has come."""
    return Child(Text("后台进程", "the worker"), [sys.executable, "-m", "yiwang.cli", "worker"])


def _ending(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else str(code)
    except ValueError:
        return str(code)
