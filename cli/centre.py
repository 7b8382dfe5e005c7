"""`chuke centre`: the incubation centre of this installation."""

from cyclopts import App

from cli.asking import Asking, Plain, instant, managing, opened
from cli.printing import show_json, show_table

app = App(name="centre", help="孵化中心 · the incubation centre")


@app.command
def add(
    name: str,
    /,
    *,
    division: str,
    places: int,
    number_prefix: str,
    bureau_prefix: str,
    case_prefix: str,
    contact: str,
    phone: str,
    asking: Asking = Asking(),
) -> int:
    """登记孵化中心 · Add a centre; the first one also puts the shipped rules (periods, shares, pass marks) in force.

    Parameters
    ----------
    name:
        中心全称 full name of the centre.
    division:
        所在区划代码 code of the division it serves, see `chuke division list`.
    places:
        入驻名额 how many organizations it can take in.
    number_prefix:
        中心发文字号前缀 what numbers of the centre's papers begin with, as 青河孵.
    bureau_prefix:
        民政局发文字号前缀 what numbers of the civil affairs bureau's papers begin with, as 青河民.
    case_prefix:
        案号前缀 what case numbers begin with, as QYFH.
    contact:
        联系人 whom applicants ask.
    phone:
        联系电话 telephone.
    asking:
        通用选项 common options.
    """
    from services.database.work import reading
    from services.organizations.acts import NewCentre, add_centre

    now = instant(asking)
    new = NewCentre(name, number_prefix, bureau_prefix, case_prefix, division, places, contact, phone)
    with opened() as database:
        with reading(database, now) as work:
            actor = managing(work, asking)
        identity = add_centre(database, actor, new, now=now)
    if asking.json:
        show_json({"id": identity})
    else:
        print(identity)
    return 0


@app.command(name="list")
def list_(*, plain: Plain = Plain()) -> int:
    """列出孵化中心 · List the centres."""
    from services.database.work import reading
    from services.organizations.queries import centre_lines

    with opened() as database, reading(database) as work:
        found = centre_lines(work)
    if plain.json:
        show_json(found)
        return 0
    zh = plain.lang == "zh"
    columns = ("名称", "区划", "名额", "案号前缀", "编号") if zh else ("name", "division", "places", "cases", "id")
    show_table(columns, [(one.name, one.division_code, one.places, one.case_prefix, one.id) for one in found])
    return 0
