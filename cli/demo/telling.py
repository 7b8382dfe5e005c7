"""Tells how far the story is: a progress bar on a terminal, one line a month elsewhere; always on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cli.demo.acting import Step
from services.database.work import OFFICE_TIME

Tell = Callable[[Step], None]


@contextmanager
def telling(total: int) -> Iterator[Tell]:
    """What `play` calls after each of `total` steps."""
    if sys.stderr.isatty():
        with _bar(total) as tell:
            yield tell
    else:
        yield _Lines(total)


class _Lines:
    """A line whenever a new month begins, with what happened last."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.month = total, 0, ""

    def __call__(self, step: Step) -> None:
        self.done += 1
        day = step.at.astimezone(OFFICE_TIME)
        month = f"{day:%Y-%m}"
        if month != self.month or self.done == self.total:
            self.month = month
            print(f"{day:%Y-%m-%d}  {self.done}/{self.total}  {step.key} {step.text}", file=sys.stderr, flush=True)


@contextmanager
def _bar(total: int) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.fields[day]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=total, day="")

        def tell(step: Step) -> None:
            day = f"{step.at.astimezone(OFFICE_TIME):%Y-%m-%d}"
            progress.update(task, advance=1, description=f"{step.key} {step.text}", day=day)

        yield tell
