"""`chuke errands`: what is owed to the outside, what is parked with its reason, and trying a parked one again."""

from dataclasses import replace
from time import sleep
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from cli.asking import Asking, acting, instant, looking, opened
from cli.printing import show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.outbox.queries import Progress

app = App(name="errands", help="后续事项 · errands")


@app.command(name="list")
def list_(
    standing: Literal["waiting", "parked", "done", "all"] = "waiting",
    /,
    *,
    limit: int = 100,
    asking: Asking = Asking(),
) -> int:
    """列出后续事项 · List errands that wait, are parked, are done, or all; soonest due first."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.outbox.queries import errands
    from services.outbox.reasons import told

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "errand:read")
        found = [
            replace(one, last_reason=told(one.last_reason, asking.lang) or None)
            for one in errands(work, standing=standing, limit=limit)
        ]
    if asking.json:
        show_json(found)
    else:
        columns = ("编号 id", "案号 case", "事项 effect", "次数 attempts", "到期 due", "原因 reason")
        rows = [(e.id, e.case_number, e.effect, e.attempts, e.due_at, e.last_reason) for e in found]
        show_table(columns, rows)
    return 0


@app.command
def progress(
    *, watch: Annotated[bool, Parameter(name="--watch", negative="")] = False, asking: Asking = Asking()
) -> int:
    """办理进度 · How far today's work is, so many of so many by kind; --watch shows it until nothing is due."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.outbox.queries import Progress, under_way

    with opened() as database:

        def look() -> tuple[Progress, ...]:
            with reading(database, instant(asking)) as work:
                demand(looking(work, asking), "errand:read")
                return under_way(work)

        moving = look()
        if watch:
            _watched(look, moving)
    if watch:
        return 0
    if asking.json:
        show_json(moving)
    else:
        show_table(("事项 effect", "已办 done", "共 of"), [(one.effect, one.done, one.of) for one in moving])
    return 0


def _watched(look: "Callable[[], tuple[Progress, ...]]", moving: "tuple[Progress, ...]") -> None:
    """One bar for each kind, until nothing waits."""
    from rich import progress as bars

    columns = bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn()
    shown: dict[str, bars.TaskID] = {}
    with bars.Progress(*columns, bars.TimeRemainingColumn()) as live:
        while moving:
            for one in moving:
                if one.effect not in shown:
                    shown[one.effect] = live.add_task(one.effect, total=one.of)
                live.update(shown[one.effect], completed=one.done, total=one.of)
            sleep(1)
            moving = look()
        for task in live.tasks:
            live.update(task.id, completed=task.total)


@app.command
def retry(
    *errands: str,
    parked: Annotated[bool, Parameter(name="--parked", negative="")] = False,
    dry_run: Annotated[bool, Parameter(name="--dry-run", negative="")] = False,
    asking: Asking = Asking(),
) -> int:
    """重新办理搁置的事项 · Send parked errands off again, by id or (--parked) all; --dry-run only lists them."""
    from services.audit.commands import record
    from services.authority.rules import demand
    from services.database.work import Work, reading, run
    from services.outbox.commands import retry_errand
    from services.outbox.queries import errands as errands_of

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            demand(actor, "errand:retry")
            chosen = list(errands) or [one.id for one in errands_of(work, standing="parked", limit=10_000) if parked]

        def unit(work: Work) -> None:
            for identity in chosen:
                again = retry_errand(work, actor=actor, errand_id=identity)
                record(
                    work, stream=f"errand:{again.id}", actor=actor, role=min(one.value for one in actor.roles),
                    action="errand:retry", object=again.case_number or again.effect,
                )  # fmt: skip

        if not dry_run:
            run(database, now, unit)
    if asking.json:
        show_json({"retried": [] if dry_run else chosen, "chosen": chosen})
    else:
        print("\n".join(chosen))
    return 0
