"""Child processes that are started in the background, watched, started again when they end, and never left behind."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from flows.log import log

LONGEST_PAUSE_SECONDS = 60.0

_log = log(__name__)


class Child:
    """One `python -m flows.child …` process. It ends when this process ends, however that ends: it watches a pipe."""

    def __init__(
        self,
        *arguments: str,
        healthy: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        self.arguments = arguments
        self.log = log
        self._healthy = healthy
        self._environment = dict(environment) if environment is not None else None
        self._process: subprocess.Popen[bytes] | None = None
        self._stop = threading.Event()
        self._up = threading.Event()
        self._watch: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The process id while one runs."""
        return None if self._process is None or self._process.poll() is not None else self._process.pid

    def start(self) -> None:
        """Start the process in the background, and again whenever it ends; returns at once."""
        if self._watch is None:
            self._stop.clear()
            self._watch = threading.Thread(target=self._keep, name=f"{self.arguments[0]}-watch", daemon=True)
            self._watch.start()

    def ready(self) -> bool:
        """True when the process was healthy at the last look, at most a second or so ago."""
        return self._up.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until the process is healthy, at most `seconds`; answers whether it is."""
        return self._up.wait(seconds)

    def stop(self, seconds: float = 8.0) -> None:
        """Stop the process; it is killed when it has not ended after `seconds`."""
        self._stop.set()
        if self._watch is not None:
            self._watch.join(seconds)
            self._watch = None
        self._up.clear()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close_pipe()
        self._process = None

    def _keep(self) -> None:
        pause = 1.0
        while not self._stop.is_set():
            if self._healthy():
                self._up.set()
                pause = 1.0
                self._stop.wait(1.0)
                continue
            self._up.clear()
            if self._process is None:
                self._launch()
            elif self._process.poll() is not None:
                _log.warning(
                    "child_ended", child=self.arguments[0], status=self._process.returncode, again_in_seconds=pause
                )
                if not self._stop.wait(pause):
                    pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                    self._launch()
            self._stop.wait(0.25)

    def _launch(self) -> None:
        self._close_pipe()
        output = None if self.log is None else self.log.open("ab")
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.child", *self.arguments],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=None if output is None else subprocess.STDOUT,
                env=self._environment,
                # An interrupt on the terminal is for us; we stop the child in order.
                start_new_session=True,
            )
        finally:
            if output is not None:
                output.close()

    def _close_pipe(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()


def without_prefect() -> dict[str, str]:
    """The environment without PREFECT_* settings, which may be meant for another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
