"""Warm child processes that draw documents within budgets; a document that breaks its limits costs one child.

Knows the children by their answers only, so that whoever may not load the PDF engine may still have pages drawn.
"""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from documents.context import ContextInvalid
from documents.editions.source import Finding, Source, SourceRefused
from documents.glyphs import MissingGlyph
from documents.press import SealPlace
from documents.rendered import BUDGET, Budget, OverBudget, Rendered, RendererLost, RendererUnfit, RenderFailed
from documents.wire import Closed, Garbled, receive, send

JOBS_PER_CHILD = 200
START_SECONDS = 60.0
_COMMAND = (sys.executable, "-m", "documents.render_child")
_ROOT = Path(__file__).resolve().parent.parent
_KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
"""A child draws text from outside: it gets no address, password or key of the installation."""


def default_processes() -> int:
    """As many children as this machine can feed: its processors, at most two."""
    return max(1, min(2, os.cpu_count() or 1))


@dataclass(eq=False)
class _Child:
    process: subprocess.Popen[bytes]
    line: socket.socket
    errors: IO[bytes]
    engine: str = ""
    golden: str = ""
    jobs: int = 0


class Renderer:
    """Draws documents in at most `processes` children: each is started when first needed, passes its self-test, serves
    200 jobs, and makes room for a new one.

    May be used by many threads; a caller waits while every child is busy. Children end with this process, however it
    ends.
    """

    def __init__(
        self, *, extra_fonts: Path | None = None, processes: int | None = None, budget: Budget = BUDGET,
        jobs_per_child: int = JOBS_PER_CHILD,
    ) -> None:  # fmt: skip
        self._extra_fonts = extra_fonts
        self._budget = budget
        self._jobs_per_child = jobs_per_child
        self._places = threading.BoundedSemaphore(processes or default_processes())
        self._guard = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._golden = ""
        self._closed = False

    def start(self) -> str:
        """Starts the first child and returns the engine's description. RendererUnfit when it fails its self-test."""
        with self._places:
            child = self._taken()
            self._put_back(child)
            return child.engine

    def render(
        self, kind: str, data: Mapping[str, Any], *, source: Source | None = None, receipt: str = "", engine: str = ""
    ) -> Rendered:
        """The finished document from a stored context (`documents.context.to_json`); see documents.draw.

        `engine`: of a document that was drawn before and is to come out with the same bytes.

        Refuses MissingGlyph, ContextInvalid, SourceRefused and OverBudget; fails with RenderFailed (the page),
        RendererUnfit (the renderer) or RendererLost (a child that ended for no reason of ours).
        """
        return self.tried(kind, data, source=source, receipt=receipt, engine=engine, fields=False)[0]

    def tried(
        self,
        kind: str,
        data: Mapping[str, Any],
        *,
        source: Source | None,
        receipt: str = "",
        engine: str = "",
        fields: bool = True,
    ) -> tuple[Rendered, tuple[str, ...]]:
        """Like `render`, and which fields of the context are nowhere on the paper."""
        job: dict[str, Any] = {"kind": kind, "data": data, "receipt": receipt, "engine": engine, "fields": fields}
        job["source"] = None if source is None else {"page": source.page, "style": source.style}
        answer, pdf = self._asked(job)
        document = answer["document"]
        places = tuple(SealPlace(**place) for place in document["seal_places"])
        document |= {"fonts": tuple(document["fonts"]), "seal_places": places}
        return Rendered(pdf=pdf, **document), tuple(answer["missing"])

    def close(self) -> None:
        """Ends every child at once; documents in the making fail with RendererLost."""
        with self._guard:
            self._closed = True
            children = [*self._idle, *self._busy]
            self._idle.clear()
        for child in children:
            _end(child)

    def _asked(self, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        with self._places:
            child = self._taken()
            try:
                answer, body = self._exchanged(child, job)
            except BaseException:
                self._drop(child)
                raise
            if (answer["ended"] == "ok" or answer.get("reusable")) and child.jobs < self._jobs_per_child:
                self._put_back(child)
            else:
                self._drop(child)
        if answer["ended"] != "ok":
            raise _refusal(answer)
        return answer, body

    def _exchanged(self, child: _Child, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """One job sent and its answer read; a child that runs into a limit, ends or talks nonsense raises."""
        child.jobs += 1
        deadline = time.monotonic() + self._budget.wall_seconds
        try:
            send(child.line, job, deadline=deadline)
            answer, body = receive(child.line, deadline=deadline)
        except TimeoutError:
            raise OverBudget("wall", self._budget.wall_seconds) from None
        except Garbled as nonsense:
            raise RendererLost(str(nonsense)) from nonsense
        except (Closed, OSError):
            raise self._end_of(child) from None
        if answer.get("ended") not in _ENDINGS:
            raise RendererLost("an answer nobody understands")
        if answer["ended"] == "ok" and hashlib.sha256(body).hexdigest() != _claimed(answer):
            raise RendererLost("the answer is not what it claims to be")
        return answer, body

    def _end_of(self, child: _Child) -> Exception:
        """Why the child ended, as far as its last words and its status tell."""
        try:
            status = child.process.wait(2.0)
        except subprocess.TimeoutExpired:
            return RendererLost("the renderer hung up")
        words = _last_words(child)
        if status == -signal.SIGXCPU:
            return OverBudget("cpu", self._budget.cpu_seconds)
        if any(sign in words for sign in _OUT_OF_MEMORY):
            return OverBudget("memory", self._budget.memory_bytes)
        return RendererLost(f"the renderer ended with {status}: {words[-200:]}")

    def _taken(self) -> _Child:
        with self._guard:
            if self._closed:
                raise RendererLost("the renderer is closed")
            child = self._idle.pop() if self._idle else None
            if child is not None and child.process.poll() is None:
                self._busy.add(child)
                return child
        if child is not None:
            _end(child)
        child = self._started()
        with self._guard:
            self._busy.add(child)
        return child

    def _put_back(self, child: _Child) -> None:
        with self._guard:
            self._busy.discard(child)
            if not self._closed:
                self._idle.append(child)
                return
        _end(child)

    def _drop(self, child: _Child) -> None:
        with self._guard:
            self._busy.discard(child)
        _end(child)

    def _started(self) -> _Child:
        child = _launched()
        setting = {"extra_fonts": str(self._extra_fonts or ""), "budget": asdict(self._budget), "golden": self._golden}
        deadline = time.monotonic() + START_SECONDS
        try:
            send(child.line, setting, deadline=deadline)
            answer, _ = receive(child.line, deadline=deadline)
        except (TimeoutError, Garbled, Closed, OSError) as failure:
            words = _last_words(child)[-300:]
            _end(child)
            raise RendererUnfit(f"the renderer does not start: {words or failure}") from failure
        if answer.get("ended") != "ok":
            _end(child)
            raise RendererUnfit(str(answer.get("message", "no reason given")))
        with self._guard:
            self._golden = self._golden or answer["golden"]
        return replace(child, engine=answer["engine"], golden=answer["golden"])


def _launched() -> _Child:
    ours, theirs = socket.socketpair()
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the child has ended
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    # One arena: glibc reserves 64 MB of address space for each further one, and address space is what is limited.
    environment |= {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "MALLOC_ARENA_MAX": "1"}
    with theirs:
        process = subprocess.Popen(
            [*_COMMAND, str(theirs.fileno())],
            stdin=subprocess.PIPE, stdout=errors, stderr=errors, cwd=_ROOT, env=environment,
            pass_fds=(theirs.fileno(),), start_new_session=True,
        )  # fmt: skip
    return _Child(process, ours, errors)


def _end(child: _Child) -> None:
    child.process.kill()
    child.process.wait()
    child.line.close()
    child.errors.close()
    if child.process.stdin is not None:
        child.process.stdin.close()


def _last_words(child: _Child) -> str:
    child.errors.seek(0, os.SEEK_END)
    child.errors.seek(max(0, child.errors.tell() - 4000))
    return child.errors.read().decode(errors="replace").strip()


_OUT_OF_MEMORY = ("failed to allocate", "MemoryError", "bad_alloc", "Cannot allocate memory", "Error creating thread")
"""What libraries say as their last words when the address space is used up."""

_ENDINGS = ("ok", "glyph", "context", "source", "budget", "failed")


def _claimed(answer: dict[str, Any]) -> object:
    document = answer.get("document")
    return document.get("sha256") if isinstance(document, dict) else None


def _refusal(answer: dict[str, Any]) -> Exception:
    """What a child refused or failed with, as the error it would have been here."""
    if answer["ended"] == "glyph":
        return MissingGlyph(answer["text"], answer["character"], answer["field"])
    if answer["ended"] == "context":
        return ContextInvalid(answer["message"])
    if answer["ended"] == "source":
        return SourceRefused(tuple(Finding(**one) for one in answer["findings"]))
    if answer["ended"] == "budget":
        return OverBudget(answer["limit"], answer["allowed"])
    return RenderFailed(answer["message"])
