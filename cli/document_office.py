"""`chuke document void, reissue, confirm, …`: papers made void or issued anew; what is handed out to check them."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.asking import Asking, WronglyAsked, acting, acting_on, instant, looking, opened
from cli.printing import show_json, show_table


def void(document: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """文书作废 · Make a paper void (id from `document list`): its number stays. Certificates and decisions wait for a
    second person (`document confirm`).
    """
    from services.cases.paper_changes import propose_void

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        change = propose_void(database, actor, document_id=document, reason=reason, now=now)
    return _noted(change, asking)


def reissue(
    document: str,
    /,
    *,
    reason: str,
    correct: Annotated[list[str] | None, Parameter(name="--correct", negative="")] = None,
    asking: Asking = Asking(),
) -> int:
    """文书重新制发 · Issue a paper anew under the next number, with --correct 原文=更正 (as often as needed)."""
    from services.cases.paper_changes import propose_reissue

    pairs = [one.partition("=") for one in correct or ()]
    if not pairs or not all(text and said for text, _, said in pairs):
        raise WronglyAsked("--correct 原文=更正 text=correction")
    now = instant(asking)
    with acting_on(asking) as (database, actor):
        change = propose_reissue(
            database, actor, document_id=document, reason=reason,
            corrections={text: said for text, _, said in pairs}, now=now,
        )  # fmt: skip
    return _noted(change, asking)


def _noted(change: str, asking: Asking) -> int:
    if asking.json:
        show_json({"change": change})
    else:
        print(f"✓ {change}")
    return 0


def changes(*, asking: Asking = Asking()) -> int:
    """列出文书更改 · List papers made void or issued anew, those that wait for a second person first."""
    from services.cases.paper_change_lines import changes as lines
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        found = lines(work, acting(work, asking))
    if asking.json:
        show_json(found)
    else:
        columns = ("编号 id", "文号 number", "事项 act", "状态 standing", "提出 by", "代替 successor")
        rows = [(one.id, one.number, one.act, one.standing, one.proposed_by, one.successor) for one in found]
        show_table(columns, rows)
    return 0


def confirm(change: str, /, *, asking: Asking = Asking()) -> int:
    """核准文书更改 · Agree to what somebody else proposed; it is carried out at once."""
    from services.cases.paper_changes import confirm_change

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        successor = confirm_change(database, actor, change_id=change, now=now)
    if asking.json:
        show_json({"successor": successor.number if successor else ""})
    else:
        print(f"✓ → {successor.number}" if successor else "✓")
    return 0


def refuse(change: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """退回文书更改 · Let the paper stand, with the reason; the proposer takes the change back so too."""
    from services.cases.paper_changes import refuse_change

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        refuse_change(database, actor, change_id=change, reason=reason, now=now)
    return _noted(change, asking)


def revocations(*, to: Path, asking: Asking = Asking()) -> int:
    """撤销名单存成文件 · Save the signed revocation list to a file, for checks without a network; signed anew when due.

    Exit status 3 while nobody signs (CHUKE_SEAL_MODE).
    """
    from cli.asking import SetUpMissing
    from flows.revoking import publish_revocations
    from services.database.work import reading
    from services.issuance.revoking import kept_list

    now = instant(asking)
    with opened() as database:
        publish_revocations(database, now=now)
        with reading(database, now) as work:
            looking(work, asking)
            found = kept_list(work)
    if found is None:
        raise SetUpMissing("没有签发密钥，没有撤销名单 nobody signs, so there is no list: CHUKE_SEAL_MODE")
    to.write_text(found.content, encoding="utf-8")
    if asking.json:
        show_json({"file": to, "entries": found.entries, "as_of": found.as_of})
    else:
        print(f"✓ {found.entries} → {to}")
    return 0


def keys(*, to: Path, asking: Asking = Asking()) -> int:
    """公钥存成文件 · Save every public key and certificate that ever signed here, for checks without a network.

    Exit status 5 while there is none.
    """
    from services.database.work import reading
    from services.errors import NotFound
    from services.issuance.signatures import key_file

    with opened() as database, reading(database, instant(asking)) as work:
        looking(work, asking)
        content = key_file(work)
    if not content:
        raise NotFound("seal.no_keys")
    to.write_text(content, encoding="utf-8")
    if asking.json:
        show_json({"file": to})
    else:
        print(f"✓ → {to}")
    return 0
