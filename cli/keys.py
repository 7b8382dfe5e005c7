"""`chuke keys`: the keys under which personal fields are sealed; for whoever runs the machine."""

from cyclopts import App

from cli.asking import Plain, opened
from cli.printing import show_json, show_table

app = App(name="keys", help="加密个人信息的密钥 · keys of sealed personal fields")


@app.command(name="list")
def list_(*, plain: Plain = Plain()) -> int:
    """列出密钥 · List the keys and how much is sealed under each; exit status 1 when one that is needed is missing."""
    from services.database.work import reading
    from services.people.keys import key_lines
    from services.protection.keys import ring_file

    with opened() as database, reading(database) as work:
        found = key_lines(work)
    if plain.json:
        show_json({"file": str(ring_file()), "keys": found})
    else:
        marks = {(True, False): "当前 current", (False, False): "", (False, True): "缺失 missing"}
        rows = [(one.name, marks[one.current, one.missing], one.sealed) for one in found]
        show_table(("密钥 key", "", "加密处数 sealed"), rows)
        print(ring_file())
    return 1 if any(one.missing for one in found) else 0


@app.command
def rotate(*, plain: Plain = Plain()) -> int:
    """换用新密钥 · Put a new key in and seal everything anew under it, while others go on working."""
    from services.database.work import office_now
    from services.people.keys import rotate_keys

    with opened() as database:
        found = rotate_keys(database, now=office_now())
    if plain.json:
        show_json(found)
    else:
        print(f"{found.key}  {found.resealed}")
    return 0


@app.command
def remove(name: str, /, *, plain: Plain = Plain()) -> int:
    """删除旧密钥 · Take off a key that nothing is sealed under any more; older backups still need a copy of it."""
    from services.database.work import office_now
    from services.people.keys import remove_key

    with opened() as database:
        remove_key(database, name, now=office_now())
    if plain.json:
        show_json({"removed": name})
    return 0
