"""Keeps the signed revocation list current: whenever a paper ceases to hold, and once a day."""

from datetime import datetime

from documents.revocations import make
from flows.log import log
from flows.signing import introduce, provider, statement_key_id
from services.database.engine import Database
from services.database.work import reading, run
from services.issuance.revoking import keep_list, list_is_due, revoked_entries
from services.issuance.signatures import SealAway, SealRefused
from services.settings import settings


def publish_revocations(database: Database, *, now: datetime) -> bool:
    """Sign and keep a new revocation list when one is due; answers whether one was. Nobody signs: there is no list.

    Raises SealAway while the signing process does not answer.
    """
    signer = provider(now=now)
    if signer is None:
        return False
    with reading(database, now) as work:
        if not list_is_due(work):
            return False
        entries = revoked_entries(work)
    signer.ready()
    introduce(database, signer, now=now)
    issuer = settings().site.rstrip("/")
    content = make(issuer, now, entries, key_id=statement_key_id(signer), sign=signer.sign_statement)
    run(database, now, lambda work: keep_list(work, content, entries=len(entries)))
    return True


def try_to_publish(database: Database, *, now: datetime) -> None:
    """The same as a chore: a signer that is away costs a line in the log, and the next look tries again."""
    try:
        publish_revocations(database, now=now)
    except (SealAway, SealRefused) as error:
        _log.warning("revocations_not_signed", error=type(error).__name__)


_log = log(__name__)
