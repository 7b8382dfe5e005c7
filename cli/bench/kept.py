"""How a measurement is shown and kept: one table a result, with machine, versions and day."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from services.database.work import OFFICE_TIME

FOLDER = Path("docs") / "benchmarks"


@dataclass(frozen=True, slots=True)
class Result:
    """One benchmark on one engine: its table, and notes that say how to read it."""

    name: str
    engine: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()


def machine() -> dict[str, str]:
    """What it was measured on."""
    return {
        "day": datetime.now(OFFICE_TIME).date().isoformat(),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "SQLAlchemy": version("sqlalchemy"),
        "Prefect": version("prefect"),
        "load before": " ".join(f"{one:.1f}" for one in os.getloadavg()),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def markdown(result: Result) -> str:
    """The table as it is printed and kept."""
    lines = [f"### {result.engine}", "", "| " + " | ".join(result.columns) + " |", "|" + " --- |" * len(result.columns)]
    lines += ["| " + " | ".join(_text(one) for one in row) + " |" for row in result.rows]
    return "\n".join([*lines, "", *(f"{note}  " for note in result.notes)])


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
    return str(value)


def show(results: list[Result], *, as_json: bool) -> None:
    """Print every result."""
    if as_json:
        print(
            json.dumps(
                {"machine": machine(), "results": [asdict(one) for one in results]}, ensure_ascii=False, indent=2
            )
        )
        return
    for result in results:
        print(f"## {result.name}")
        print(markdown(result))
        print()


def write(results: list[Result]) -> None:
    """Keep the results, one page and one JSON file for each name; what was kept before is replaced."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    about = machine()
    for name in dict.fromkeys(one.name for one in results):
        of_name = [one for one in results if one.name == name]
        head = [f"# chuke bench {name}", "", *(f"- {key}: {value}" for key, value in about.items()), ""]
        page = "\n".join([*head, *(markdown(one) + "\n" for one in of_name)])
        (FOLDER / f"{name}.md").write_text(page, encoding="utf-8")
        text = json.dumps({"machine": about, "results": [asdict(one) for one in of_name]}, ensure_ascii=False, indent=2)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")
