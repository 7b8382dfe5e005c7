"""`chuke document reproduce, scrub`: proves that stored papers are drawn the same again and that no file is damaged."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from cli.asking import Asking, WronglyAsked, instant, looking, opened
from cli.printing import show_json

if TYPE_CHECKING:
    from flows.reproducing import Reproduced


def reproduce(
    *numbers: str, all_: Annotated[bool, Parameter(name="--all", negative="")] = False, asking: Asking = Asking()
) -> int:
    """重绘比对 · Draw papers again from what is stored and compare the bytes with those that were issued.

    Exit status 0 when all are the same, 1 when one is not; says where engine or fonts are others than they were.
    """
    from flows.reproducing import reproduce as again
    from services.database.work import reading

    if bool(numbers) == all_:
        raise WronglyAsked("文号 name numbers, or --all")
    now = instant(asking)
    found: list[Reproduced] = []
    with opened() as database:
        with reading(database, now) as work:
            looking(work, asking)
        for one in again(database, now=now, numbers=numbers):
            found.append(one)
            if not asking.json:
                print(f"{'✓' if one.same else '✗'} {one.number}" + (f"  {one.reason}" if one.reason else ""))
                if not one.same and one.other_engine:
                    print(f"  当时 then: {one.engine}\n  现在 now:  {one.present}")
    differing = sum(not one.same for one in found)
    if asking.json:
        show_json({"papers": len(found), "differing": differing, "lines": found})
    else:
        print(f"{len(found)} 份文书 papers, {differing} 份不同 differing")
    return 1 if differing else 0


def scrub(
    *, from_: Annotated[str, Parameter(name="--from")] = "", asking: Asking = Asking()
) -> int:  # fmt: skip
    """查验存档文件 · Compare every stored file with its hash; --from FOLDER or DATABASE restores what is damaged.

    Exit status 0 when all are whole (again), 1 when one is damaged still.
    """
    from services.database.work import office_now, reading
    from services.issuance.scrubbing import copy_in_database, copy_in_folder
    from services.issuance.scrubbing import scrub as look

    copy = None
    if from_:
        path = Path(from_)
        if path.is_dir():
            copy = copy_in_folder(path)
        elif path.is_file():
            copy = copy_in_database(f"sqlite:///{path.resolve()}")
        elif "://" in from_:
            copy = copy_in_database(from_)
        else:
            raise WronglyAsked(f"--from {from_}")
    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            looking(work, asking)
        found = look(database, now=now, clock=office_now, copy=copy)
    if asking.json:
        show_json(found)
    else:
        for digest in found.damaged:
            print(f"{'↺' if digest in found.restored else '✗'} {digest}")
        print(
            f"{found.files} 个文件 files, {found.bytes / 1e6:.1f} MB, {len(found.damaged)} 个损坏 damaged, "
            f"{len(found.restored)} 个恢复 restored"
        )
    return 1 if found.left else 0
