"""`chuke invariants`: recomputes from the records what must always hold and names the rows where it does not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cli.asking import Plain, opened
from cli.printing import show_json

if TYPE_CHECKING:
    from services.invariants.findings import Finding


def invariants(
    *, quiet: Annotated[bool, Parameter(name="--quiet", negative="")] = False, plain: Plain = Plain()
) -> int:
    """核对必须成立的事项 · Check the current database; exit status 1 and the rows when something is broken.

    Parameters
    ----------
    quiet:
        此刻无人办理 nobody is at work, so nothing may be waiting or held either.
    plain:
        通用选项 common options.
    """
    from services.invariants.check import check

    with opened() as database:
        findings = check(database, quiet=quiet)
    return report(findings, lang=plain.lang, as_json=plain.json)


def report(findings: Sequence["Finding"], *, lang: str, as_json: bool) -> int:
    """Print the findings; answers the exit status, 1 when there are any."""
    if as_json:
        show_json(findings)
    elif not findings:
        print("全部成立 ✓" if lang == "zh" else "all hold ✓")
    for one in () if as_json else findings:
        print(f"✗ {one.code} {one.zh if lang == 'zh' else one.en} ({one.count})")
        for row in one.rows:
            print(f"    {row}")
    return 1 if findings else 0
