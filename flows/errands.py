"""Carries out one errand from first read to settled outcome; knows the services and the PDF engine, not Prefect."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from documents.context import ContextInvalid
from documents.editions.source import SourceRefused
from documents.glyphs import MissingGlyph
from documents.press import left_to_sign
from documents.registry import kind_of
from documents.rendered import OverBudget, RenderFailed
from flows.log import log
from flows.mailing import send
from flows.paying import bank_of, send_batch
from flows.posting import post
from flows.renderer import renderer
from flows.signing import SealOrder, SealProvider, introduce, provider, receipt_of
from services.cases.banking import SEND
from services.cases.errands import deliver_paper, file_paper, paper_to_draw, perform, statement_of
from services.database.engine import Database
from services.database.points import reach
from services.database.work import Work, reading, run
from services.errors import Broken, NotFound, ServiceError
from services.issuance.commands import Drawn
from services.issuance.queries import DocumentToDraw
from services.issuance.refusals import glyph_refusal, refusal_of
from services.issuance.signatures import SealAway, SealRefused
from services.notices.mail import EFFECT as MAIL
from services.notices.mail import book_mail, letter_of
from services.outbox.commands import fail_errand, finish_errand, put_off_errand
from services.outbox.reasons import kept
from services.outbox.rules import Errand, LeaseLost
from services.protection.rules import mask_within
from services.settings import settings
from services.webhooks.commands import EFFECT, book_attempt, give_up
from services.webhooks.queries import message_of

Render = Callable[[DocumentToDraw], Drawn]
Outcome = Literal["done", "waiting", "parked", "lost"]
"""done; waiting: failed, tried again later; parked: a person must look; lost: another worker holds it by now."""

AWAY = timedelta(seconds=30)
"""How long a paper waits before the signer is asked again."""

HOPELESS = (Broken, NotFound, SealRefused, MissingGlyph, ContextInvalid, SourceRefused, RenderFailed, OverBudget)
"""What trying again cannot heal: a person must mend something first."""


def draw(paper: DocumentToDraw, engine: str = "") -> Drawn:
    """The PDF of a decided paper, drawn from its stored inputs; the same inputs always give the same bytes.

    engine: what drew it before, when it is drawn again, because the way it was drawn is part of its bytes.
    Drawn in a process of its own within its budget. Refuses MissingGlyph, ContextInvalid and OverBudget, fails with
    RenderFailed; RendererUnfit and RendererLost pass when the renderer is mended or tried again.
    """
    rendered = renderer().render(paper.kind, paper.inputs, source=paper.source, receipt=paper.receipt, engine=engine)
    return Drawn(rendered.pdf, rendered.sha256, rendered.pages, rendered.engine, rendered.seal_places)


def carry_out(database: Database, errand: Errand, *, now: datetime, render: Render = draw) -> None:
    """Do what the errand asks and finish it, in one commit. Raises whatever stood in the way; then nothing was written.

    LeaseLost when another worker has claimed the errand meanwhile.
    """
    if errand.effect == EFFECT:
        _deliver_webhook(database, errand, now)
        return
    if errand.effect == MAIL:
        _send_mail(database, errand, now)
        return
    if errand.effect == SEND:
        send_batch(database, errand, bank_of(settings(), now=now), now=now)
        return
    if errand.effect != "issue_document":
        run(database, now, lambda work: perform(work, errand))
        return
    issue(database, errand, now=now, render=render)


def issue(database: Database, errand: Errand, *, now: datetime, render: Render = draw) -> None:
    """Issue a paper: read its stored inputs, draw it, have it signed, file it. Only the last is a write, in one commit.

    Cut off anywhere before that commit, all of it is done again: the drawn bytes are the same, the signed ones are not,
    and those that were filed count. SealAway (the errand waits, for as long as it takes) before anything is drawn when
    nobody can sign now.
    """
    with reading(database, now) as work:
        paper, statement = paper_to_draw(work, errand), statement_of(work, errand)
    if paper.void:
        run(database, now, lambda work: finish_errand(work, errand.id, fence=errand.fence))
        return
    if paper.drawn:
        run(database, now, lambda work: _deliver_again(work, errand))
        return
    signer = _signer_of(database, paper, now)
    if signer is not None:
        paper = replace(paper, receipt=receipt_of(signer, statement))
    reach("paper:before")
    drawn = render(paper)
    reach("paper:after")
    sealed = None
    if signer is not None:
        order = SealOrder(
            document_id=paper.id, kind=paper.kind, number=paper.number,
            issuer_name=paper.inputs["head"]["issuer_name"],
            # A page that has a sample pressed on it keeps no room for another.
            places=left_to_sign(drawn.seal_places, pressed=paper.inputs["head"]["seal"] != "none"),
        )  # fmt: skip
        reach("seal:before")
        sealed = signer.seal(drawn.pdf, order, at=now)
        reach("seal:after")
    run(database, now, lambda work: file_paper(work, errand, drawn, sealed, receipt=paper.receipt))


def _signer_of(database: Database, paper: DocumentToDraw, now: datetime) -> SealProvider | None:
    """Who signs this paper; None for kinds that are not sealed and installations that sign nothing."""
    signer = provider(now=now) if kind_of(paper.kind).is_sealed else None
    if signer is not None:
        signer.ready()
        introduce(database, signer, now=now)
    return signer


def _deliver_webhook(database: Database, errand: Errand, now: datetime) -> None:
    """Send outside of any transaction, then book how it went; cut off in between, it is sent again with the same id."""
    with reading(database, now) as work:
        message = message_of(work, errand)
    if message.ended:
        run(database, now, lambda work: give_up(work, errand))
        return
    reach("webhook:before")
    posted = post(message, now=now, loopback=settings().webhook_loopback)
    reach("webhook:after")
    run(database, now, lambda work: book_attempt(work, errand, status=posted.status, reason=posted.reason))


def _send_mail(database: Database, errand: Errand, now: datetime) -> None:
    """Send outside of any transaction, then book it; cut off in between, it goes out again under the same id."""
    with reading(database, now) as work:
        letter = letter_of(work, errand)
    if letter is not None:
        reach("mail:before")
        send(letter, settings().smtp_url)
        reach("mail:after")
    run(database, now, lambda work: book_mail(work, errand, letter))


def _deliver_again(work: Work, errand: Errand) -> None:
    """What is left of an errand whose paper is stored already, for example after a person let it try again."""
    deliver_paper(work, errand)
    finish_errand(work, errand.id, fence=errand.fence)


def settle_failure(database: Database, errand: Errand, error: Exception, now: datetime) -> Outcome:
    """Write down why the errand failed: it waits and is tried again, or is parked where a person sees the reason.

    A paper whose signer is away waits without limit. Parked at once: what no repetition heals. Everything else, an
    unknown error too, is tried eight times. An errand another worker holds by now is left to that worker.
    """
    if isinstance(error, LeaseLost):
        return "lost"
    retry = not isinstance(error, HOPELESS)
    reason = reason_of(error)
    try:
        if isinstance(error, SealAway):
            _put_off(database, errand, reason, now)
            return "waiting"
        return run(
            database, now, lambda work: fail_errand(work, errand.id, fence=errand.fence, reason=reason, retry=retry)
        )
    except LeaseLost:
        return "lost"


def _put_off(database: Database, errand: Errand, reason: str, now: datetime) -> None:
    run(database, now, lambda work: put_off_errand(work, errand.id, fence=errand.fence, reason=reason, wait=AWAY))


def reason_of(error: Exception) -> str:
    """The failure as an errand keeps it: codes and facts of a refusal (`services.outbox.reasons`), else one line."""
    if isinstance(error, OverBudget):
        error = refusal_of(error)
    if isinstance(error, MissingGlyph):
        error = glyph_refusal(error)
    if isinstance(error, ServiceError) and error.codes:
        return kept(error)
    # Further lines of a database error repeat the values it was given, which may be personal.
    first = (str(error) or type(error).__doc__ or "").strip().splitlines()
    return mask_within(f"{type(error).__name__}: {first[0] if first else ''}"[:500])


def carry(database: Database, errand: Errand, *, now: datetime, render: Render = draw) -> Outcome:
    """Carry out an errand and settle how it ended. Raises only when our own database is away."""
    try:
        carry_out(database, errand, now=now, render=render)
    except Exception as error:
        outcome = settle_failure(database, errand, error, now)
        _log.warning(
            "errand_failed", effect=errand.effect, case=errand.case_number, errand=errand.id, outcome=outcome,
            attempts=errand.attempts, error=type(error).__name__,
        )  # fmt: skip
        return outcome
    return "done"


_log = log(__name__)
