"""`chuke config`: every setting in force, its meaning and its environment variable; secrets are masked."""

import re
from typing import Any

from cyclopts import App

from cli.asking import Plain
from cli.printing import show_json, show_table

app = App(name="config", help="设置 · settings")
SECRET = re.compile(r"password|secret|token|key|auth")


@app.command
def show(*, plain: Plain = Plain()) -> int:
    """列出设置 · List the settings in force with their variables."""
    from services.settings import Settings, settings

    present = settings()
    rows = [
        {
            "variable": f"CHUKE_{name.upper()}", "value": _masked(name, getattr(present, name)),
            "default": getattr(present, name) == field.default, "meaning": field.description or "",
        }
        for name, field in Settings.model_fields.items()
    ]  # fmt: skip
    if plain.json:
        show_json({"settings": rows, "database": _masked("database", present.database)})
    else:
        show_table(("变量 variable", "值 value", "缺省 default", "含义 meaning"), [tuple(row.values()) for row in rows])
    return 0


def _masked(name: str, value: Any) -> Any:
    """A value without its secret: the password in an address, or the whole of a setting that is one."""
    if value and SECRET.search(name):
        return "****"
    if isinstance(value, str):
        return re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:****@", value)
    return value
