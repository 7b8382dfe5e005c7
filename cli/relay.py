"""`chuke relay`: carries errands alone, beside a console that runs elsewhere."""

from typing import Annotated

from cyclopts import Parameter

from cli.asking import Plain, opened
from cli.printing import show_json


def relay(
    *,
    once: Annotated[bool, Parameter(name="--once", negative="")] = False,
    plain: Plain = Plain(),
) -> int:
    """只运行转运 · Carry errands until told to stop.

    Parameters
    ----------
    once:
        只办理现在到期的，不经 Prefect · carry what is due now by plain calls, without Prefect, and end; for repairs.
    plain:
        通用选项 common options.
    """
    if not once:
        with opened():
            pass
        from flows.serve import serve

        return serve(with_web=False)
    from flows.relay import InProcess, drain_until_quiet
    from services.database.work import office_now

    with opened() as database:
        report = drain_until_quiet(database, now=office_now(), through=InProcess(), worker="once")
    if plain.json:
        show_json(report)
    else:
        print(f"办结 done {report.done} · 等待 waiting {report.waiting} · 搁置 parked {report.parked}")
    return 1 if report.parked else 0
