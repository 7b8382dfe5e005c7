"""The message log: what was told to whom about which case, on the console and by e-mail, and when it was read."""

from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.mail_log import told_lines
from services.settings import settings
from web.rendering import show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter()
PAGE = 50


@router.get("/mail-log")
def mail_log(
    request: Request, person: str = "", number: str = "", mail: str = "", before: str = "",
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """The latest notices that fit, a page at a time."""
    wanted = {"person": person.strip()[:60], "number": number.strip()[:40], "mail": "yes" if mail else ""}
    with visitor.reading() as work:
        lines = told_lines(
            work, person=wanted["person"], case_number=wanted["number"], mail=wanted["mail"], limit=PAGE + 1,
            before=known_id(before) if before else "",
        )  # fmt: skip
    query = {key: value for key, value in wanted.items() if value}
    older = f"/mail-log?{urlencode({**query, 'before': lines[PAGE - 1].id})}" if len(lines) > PAGE else ""
    return show(
        request, visitor, "mail_log/page.html", lines=lines[:PAGE], older=older, wanted=wanted,
        mails=bool(settings().smtp_url),
    )  # fmt: skip
