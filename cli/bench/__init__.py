"""Measures what an advance and an errand cost, on a small city of its own in a database of its own."""

from typing import Annotated, Literal

from cyclopts import Parameter


def run(
    name: Literal["advance", "documents", "effects", "ledger", "pages"] | None = None,
    *,
    engine: Literal["sqlite", "postgresql", "both"] = "both",
    cases: int | None = None,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    keep: Annotated[bool, Parameter(name="--keep", negative="")] = False,
    prefect: Annotated[bool, Parameter(name="--prefect", negative="--no-prefect")] = True,
) -> int:
    """测速 · Measure; nothing of the present database is touched. 0, or 1 when an engine could not be started.

    Parameters
    ----------
    name:
        advance（推进）、documents（文书）、effects（后续事项）、ledger（台账）或 pages（页面） one of them;
        advance and effects when left out.
    engine:
        sqlite、postgresql 或 both.
    cases:
        数量 how many cases are moved (150), certificates drawn (200), entries posted (1000), cases there when pages are
        asked for (20000).
    json:
        输出 JSON · print JSON.
    keep:
        结果写入 docs/benchmarks · write the result to docs/benchmarks.
    prefect:
        是否也经由 Prefect 测 whether errands are also carried through Prefect.
    """
    if name == "documents":
        return _documents(cases or 200, json=json, keep=keep)
    from contextlib import nullcontext

    from cli.bench import advance, effects, ledger, pages
    from cli.bench.kept import Result, show, write
    from cli.bench.places import Unavailable, opened_place

    engines = ("sqlite", "postgresql") if engine == "both" else (engine,)
    status = 0
    results: list[Result] = []
    through = prefect and name not in ("advance", "ledger", "pages")
    with effects.prefect_carrier() if through else nullcontext() as carrier:
        for wanted in engines:
            try:
                with opened_place(wanted) as place:
                    if name in (None, "advance"):
                        results.append(advance.measure(place, cases=cases or 150))
                    if name in (None, "effects"):
                        results.append(effects.measure(place, cases=cases or 150, prefect=carrier))
                    if name == "ledger":
                        results.append(ledger.measure(place, entries=cases or 1_000))
                    if name == "pages":
                        results.append(pages.measure(place, cases=cases or 20_000))
            except Unavailable as reason:
                print(f"{wanted}: {reason}")
                status = 1
    show(results, as_json=json)
    if keep and status == 0:
        write(results)
    elif keep:
        print("not kept: an engine is missing, and half a result would replace a whole one")
    if through:
        from flows.serve import leave

        leave(status)
    return status


def _documents(count: int, *, json: bool, keep: bool) -> int:
    """Certificates need no database, so they are measured apart."""
    from cli.bench.documents import measure
    from cli.bench.kept import show, write

    found = [measure(count=count)]
    show(found, as_json=json)
    if keep:
        write(found)
    return 0
