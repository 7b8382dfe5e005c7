"""`chuke audit`: verifies the whole log, and numbers committed entries into it."""

from typing import Annotated

from cyclopts import App, Parameter

from cli.asking import Asking, WronglyAsked, instant, looking, opened
from cli.printing import show_json

app = App(name="audit", help="审计日志 · the audit log")


@app.command
def verify(
    *, anchor: Annotated[tuple[str, ...], Parameter(name="--anchor", negative="")] = (), asking: Asking = Asking()
) -> int:
    """验证审计日志 · Recompute every chain, leaf and head; exit status 1 and the first place that does not hold.

    Parameters
    ----------
    anchor:
        别处保存的日志头 a head written down elsewhere, SIZE:ROOT; may be repeated.
    asking:
        通用选项 common options.
    """
    from services.audit.queries import Anchor, verify
    from services.authority.rules import demand
    from services.database.work import reading

    anchors = []
    for text in anchor:
        size, colon, root = text.partition(":")
        if not (colon and size.isdigit()):
            raise WronglyAsked(f"--anchor {text}: SIZE:ROOT")
        anchors.append(Anchor(int(size), root))
    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "audit:read")
        found = verify(work, anchors=anchors)
    if asking.json:
        show_json(found)
    else:
        mark = f"✗ {found.first_bad}" if found.first_bad else "✓"
        print(f"{mark}  {found.entries} 条 entries · 已封存 sealed {found.sealed}")
    return 1 if found.first_bad else 0


@app.command
def seal(
    *, everything: Annotated[bool, Parameter(name="--everything", negative="")] = False, asking: Asking = Asking()
) -> int:
    """封存审计记录 · Number the committed entries that have no number yet and write the log's new head."""
    from services.audit.commands import seal

    with opened() as database:
        found = seal(database, instant(asking), everything=everything)
    if asking.json:
        show_json(found)
    else:
        print(f"+{found.sealed}  {found.size}:{found.root}")
    return 0
