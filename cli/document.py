"""`chuke document`: lists papers, verifies and saves them; what the office does to them stands in the files beside."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cli.asking import Asking, WronglyAsked, acting, file_given, instant, looking, opened
from cli.document_office import changes, confirm, keys, refuse, reissue, revocations, void
from cli.document_proof import reproduce, scrub
from cli.printing import show_json, show_table

app = App(name="document", help="文书 · papers")
app.command(changes, name="changes")
app.command(confirm, name="confirm")
app.command(keys, name="keys")
app.command(refuse, name="refuse")
app.command(reissue, name="reissue")
app.command(reproduce, name="reproduce")
app.command(revocations, name="revocations")
app.command(scrub, name="scrub")
app.command(void, name="void")


@app.command(name="list")
def list_(number: str = "", /, *, asking: Asking = Asking()) -> int:
    """列出文书 · List the papers of one case, or all that the person may see."""
    from services.authority.rules import demand
    from services.cases.lists import case_list
    from services.cases.queries import case_page, readable
    from services.database.work import reading
    from services.issuance.queries import documents_apart, documents_of

    with opened() as database, reading(database, instant(asking)) as work:
        actor = looking(work, asking)
        demand(actor, "document:read")
        if number:
            papers = case_page(work, actor, number).documents
        else:
            mine = tuple(line.id for line in case_list(work, actor, limit=100_000))
            theirs = (*documents_of(work, case_ids=mine), *readable(work, actor, documents_apart(work)))
            papers = documents_of(work) if actor.is_system else theirs
    if asking.json:
        show_json(papers)
    else:
        columns = ("编号 id", "文种 kind", "文号 number", "日期 day", "状态 standing")
        show_table(columns, [(one.id, one.code, one.number, one.decided_on, one.standing) for one in papers])
    return 0


@app.command
def verify(
    file: str = "",
    /,
    *,
    offline: Annotated[bool, Parameter(negative="")] = False,
    key: Path | None = None,
    list_: Annotated[Path | None, Parameter(name="--list")] = None,
    holder: str = "",
    asking: Asking = Asking(),
) -> int:
    """核验文书 · Verify a PDF by its bytes, or a paper by the code printed on it or the text of its QR code.

    With --offline neither database nor network is touched: --key names the issuer's public keys, --list its revocation
    list; a printed paper is checked by the text of its QR code (given nothing, it is read from standard input), and
    --holder says whose it should be. Exit status 0 when it holds, 4 when it is revoked, replaced, void, expired or
    forged, 5 when it is unknown.
    """
    from cli.document_offline import verify_offline

    if offline:
        return verify_offline(file, key=key, revoked=list_, holder=holder, asking=asking)
    from services.database.work import reading
    from services.errors import NotFound
    from services.issuance.verifying import by_file, verification

    if not file:
        raise WronglyAsked("要核验的文件、校验码或者二维码文字 name a file, a code or the text of a QR code")
    path = Path(file) if len(file) < 250 else None
    with opened() as database, reading(database, instant(asking)) as work:
        if path is not None and path.is_file():
            found = by_file(work, sha256(file_given(path)).hexdigest())
        else:
            found = verification(work, file)
    if found is None:
        raise NotFound("document.not_found")
    if asking.json:
        show_json(found)
    else:
        after = f"  → {found.successor}" if found.successor else ""
        mark = "✓" if found.holds else "✗"
        print(f"{mark} {found.number}  {found.holder}  {found.decided_on}  {found.standing}{after}")
    return 0 if found.holds else 4


@app.command
def save(document: str, file: Path, /, *, asking: Asking = Asking()) -> int:
    """把文书存成文件 · Save the stored bytes of a paper (id from `document list`) to a file."""
    from services.cases.queries import document_for
    from services.database.work import reading
    from services.issuance.queries import document_bytes

    with opened() as database, reading(database, instant(asking)) as work:
        actor = acting(work, asking) if asking.as_ else looking(work, asking)
        line = document_for(work, actor, document)
        content = document_bytes(work, document)
    file.write_bytes(content)
    if asking.json:
        show_json({"number": line.number, "file": file, "bytes": len(content)})
    else:
        print(f"{line.number} → {file}")
    return 0


@app.command
def gallery(*, out: Path = Path("docs/papers"), asking: Asking = Asking()) -> int:
    """绘制文书样张 · Draw the sample of every kind of paper as pictures, with an index page."""
    from documents.gallery import write
    from documents.registry import KINDS

    size = write(out)
    if asking.json:
        show_json({"kinds": len(KINDS), "folder": out, "bytes": size})
    else:
        print(f"{len(KINDS)} → {out}  {size / 1024:.0f} KB")
    return 0
