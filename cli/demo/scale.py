"""`chuke demo --scale N`: an empty database filled with invented cases in any number, to measure and rehearse on."""

import sys
import time
from pathlib import Path

from cli.demo.city import PASSWORD
from cli.demo.stage import fresh_database, prepare_settings

OPEN_DOORS = (
    ("manager1", "中心负责人 centre manager"), ("keeper1", "孵化专员 case manager"), ("clerk1", "受理员 intake clerk"),
    ("secretary1", "评审秘书 assessment secretary"), ("evaluator1", "评审专家 evaluator"),
    ("street1", "街道（乡镇）经办 street handler"), ("bureau1", "民政局分管领导 civil affairs leader"),
    ("maker", "财务经办 finance maker"), ("auditor", "审计员 auditor"), ("system1", "系统管理员 system administrator"),
)  # fmt: skip


def load_scale(out: Path, *, scale: int, seed: int, as_json: bool) -> int:
    """Load the cases, check what must always hold, tell how to look at them; 1 when something does not hold."""
    from cli.printing import show_json, show_table
    from services.database.work import office_now
    from services.invariants.check import check
    from services.samples.loading import load

    home = (out / "state").resolve()
    prepare_settings(home)
    database = fresh_database(home)
    try:
        began = time.monotonic()
        loaded = load(database, scale=scale, seed=seed, now=office_now(), password=PASSWORD)
        seconds = time.monotonic() - began
        print(f"{loaded.cases} 个案 cases · {seconds:.1f} 秒 seconds", file=sys.stderr)
        broken = check(database)
    finally:
        database.close()
    if as_json:
        show_json({"loaded": loaded, "seconds": round(seconds, 1), "broken": broken})
        return 1 if broken else 0
    counts = (
        ("组织 organizations", loaded.organizations), ("个案 cases", loaded.cases), ("办理 moves", loaded.moves),
        ("文书 papers", loaded.papers), ("通知 notices", loaded.notices), ("审计 audit entries", loaded.sealed),
    )  # fmt: skip
    show_table(("", ""), counts)
    for one in broken[:20]:
        print(f"✗ {one}")
    print(f"CHUKE_HOME={home} ./chuke serve")
    show_table(("用户名 username", "角色 role"), OPEN_DOORS)
    print(f"口令（仅演示）password, demonstration only: {PASSWORD}")
    return 1 if broken else 0
