"""How signing stands on this installation: who signs, whether it answers, whether its keys are entered, what waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from flows.errands import reason_of
from flows.signing import provider
from services.database.engine import open_database
from services.database.schema import standing
from services.database.work import reading
from services.issuance.signatures import PublicKey, SealAway, unknown_keys, waiting_papers
from services.messages import said
from services.outbox.queries import LATE
from services.outbox.reasons import told
from services.settings import settings

SOON = timedelta(days=60)
"""A certificate that ends so soon should be renewed now."""


@dataclass(frozen=True, slots=True)
class Standing:
    """told: in one line. wrong: the sentence that says what to do, or empty. waiting: papers not signed yet."""

    told: str
    wrong: str
    keys: tuple[PublicKey, ...] = ()
    unknown: tuple[PublicKey, ...] = ()
    waiting: int = 0


def standing_of(*, now: datetime) -> Standing:
    """How signing stands now; asks the signing process where there is one."""
    conf = settings()
    try:
        signer = provider(now=now)
        if signer is None:
            return Standing("不签章 none", "")
        signer.ready()
        keys = signer.public_keys()
    except SealAway as error:
        return Standing(conf.seal_mode, told(reason_of(error), "zh"), waiting=_waiting(now)[0])
    unknown = _unknown(keys, now)
    wrong = said("seal.key_not_entered", "zh") if unknown and not signer.enters_itself else _ending(keys, now)
    waiting, late = _waiting(now)
    if late and not wrong:
        wrong = f"{late} 份文书等候签章 papers wait to be signed: chuke errands list"
    return Standing(f"{conf.seal_mode} {_holder(keys)}", wrong, keys, unknown, waiting)


def _holder(keys: tuple[PublicKey, ...]) -> str:
    return next(key.holder for key in keys if key.purpose == "seal")


def _ending(keys: tuple[PublicKey, ...], now: datetime) -> str:
    pem = next(key.pem for key in keys if key.purpose == "seal")
    until = x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc
    return f"签章证书将于 {until:%Y-%m-%d} 到期 the certificate ends" if until - now < SOON else ""


def _unknown(keys: tuple[PublicKey, ...], now: datetime) -> tuple[PublicKey, ...]:
    database = open_database(settings().database)
    try:
        if not standing(database).at_head:
            return ()
        with reading(database, now) as work:
            return unknown_keys(work, keys)
    finally:
        database.close()


def _waiting(now: datetime) -> tuple[int, int]:
    """Papers without final bytes: all, and those that wait longer than a healthy relay takes."""
    database = open_database(settings().database)
    try:
        if not standing(database).at_head:
            return 0, 0
        with reading(database, now) as work:
            return waiting_papers(work).count, waiting_papers(work, longer_than=LATE).count
    finally:
        database.close()
