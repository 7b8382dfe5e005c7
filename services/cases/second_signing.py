"""对方签署: the other side signs an agreement, in the file with a certificate of its own, or by hand on paper.

That both sides want the agreement is known since the move that issued it, which both made; what is kept here is the
signed original. The paper as its issuer signed it stays what it is; both signatures stand in a file of their own.
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from services.actors import Actor
from services.applications.inspection import Upload, inspect
from services.applications.scanning import Scanner
from services.cases.queries import document_for
from services.cases.turn import load_subject
from services.database.engine import Database
from services.database.work import OFFICE_TIME, Work
from services.errors import Broken, Invalid, NotFound, Refused
from services.issuance.files import file_bytes, store_file
from services.issuance.queries import DocumentLine, other_side_of
from services.issuance.second_signing import SecondSigned, keep_second_signature, lock_agreement, second_signed
from services.issuance.signatures import known_keys
from services.people.acts import act, allowed, note, told
from services.settings import settings

if TYPE_CHECKING:
    from documents.second import SecondSignature

SIGN, RECORD = "agreement:sign", "agreement:record"
SIGNER = ("签字人", "signed by")


def sign_second(database: Database, actor: Actor, document_id: str, file: Upload, *, now: datetime) -> DocumentLine:
    """Keep the agreement with the other side's electronic signature, as its own program put it into our file.

    NotFound for what may not be read; Refused when it is no agreement in force, is signed by both already, bears no
    signature of ours, or where no authority is named whose certificates count; Invalid for a file that is anything
    but ours with one more signature, and for a certificate of somebody else or of nobody we know.
    """

    def unit(work: Work) -> DocumentLine:
        allowed(work, actor, SIGN)
        paper, issued = _open_agreement(work, actor, document_id)
        found = _signature(work, paper, issued, file, now)
        told_day = found.signed_at.astimezone(OFFICE_TIME).date()
        # The clock of a machine we do not know: a day that cannot be is not written down.
        signed_on = told_day if paper.decided_on <= told_day <= work.today else work.today
        kept = store_file(work, file.content, media_type="application/pdf")
        keep_second_signature(
            work, actor, document_id=paper.id, way="electronic", signer=found.holder, sha256=kept, extension="pdf",
            signed_on=signed_on, fingerprint=found.fingerprint, authority=found.authority,
        )  # fmt: skip
        said = {"way": "electronic", "certificate": found.fingerprint, "sha256": kept}
        note(work, actor, SIGN, stream=paper.case_id or "documents", object=paper.number, details=said)
        return document_for(work, actor, document_id)

    return act(database, actor, unit, now=now, action=SIGN, stream="documents", object=document_id)


def record_by_hand(
    database: Database, actor: Actor, document_id: str, *, signer: str, signed_on: date, scan: Upload,
    scanner: Scanner, now: datetime,
) -> DocumentLine:  # fmt: skip
    """Keep the scan of an agreement that was printed and signed by both sides by hand, with who signed and when.

    NotFound for what may not be read; Refused as `sign_second` does; Invalid for a scan that is no honest file, and a
    day before the agreement was decided or still to come.
    """
    by, sound = told(SIGNER, signer, longest=60), inspect(scan)
    if scanner.finds(sound.content):
        raise Invalid("upload.infected")

    def unit(work: Work) -> DocumentLine:
        allowed(work, actor, RECORD)
        paper, _ = _open_agreement(work, actor, document_id)
        if not paper.decided_on <= signed_on <= work.today:
            raise Invalid("second_signature.day_unlikely", field="signed_on", day=signed_on)
        kept = store_file(work, sound.content, media_type=sound.media_type)
        keep_second_signature(
            work, actor, document_id=paper.id, way="by_hand", signer=by, signed_on=signed_on, sha256=kept,
            extension=sound.extension,
        )  # fmt: skip
        said = {"way": "by_hand", "signed_on": str(signed_on), "sha256": kept}
        note(work, actor, RECORD, stream=paper.case_id or "documents", object=paper.number, details=said)
        return document_for(work, actor, document_id)

    return act(database, actor, unit, now=now, action=RECORD, stream="documents", object=document_id)


def second_of(work: Work, actor: Actor, document_id: str) -> SecondSigned | None:
    """How the other side signed the paper, for whoever may read it; None while it has not."""
    return second_signed(work, (document_for(work, actor, document_id).id,)).get(document_id)


def signed_copy(work: Work, actor: Actor, document_id: str) -> tuple[bytes, str]:
    """The file that shows both signatures and its extension, for whoever may read the paper; NotFound without one."""
    found = second_of(work, actor, document_id)
    if found is None:
        raise NotFound("document.not_found")
    return file_bytes(work, found.sha256), found.extension


def _open_agreement(work: Work, actor: Actor, document_id: str) -> tuple[DocumentLine, bytes]:
    """The agreement that waits for its second signature, and the file its issuer signed; locked with its case."""
    paper = document_for(work, actor, document_id)
    if paper.case_id is not None:
        load_subject(work, case_id=paper.case_id, lock=True)
    file = lock_agreement(work, document_id)
    paper = document_for(work, actor, document_id)
    if not paper.two_parties:
        raise Refused("second_signature.one_party", number=paper.number)
    if paper.standing != "issued" or file is None:
        raise Refused("second_signature.not_in_force", number=paper.number)
    if paper.second_signed_on is not None:
        raise Refused("second_signature.signed_before", number=paper.number, day=paper.second_signed_on)
    return paper, file_bytes(work, file)


def _signature(work: Work, paper: DocumentLine, issued: bytes, file: Upload, now: datetime) -> "SecondSignature":
    """What the other side added, by a certificate that counts here and names it or who leads it."""
    # Takes a quarter of a second to load, and few processes ever read a signature.
    from documents.second import NotSecond, second_signature
    from documents.signed import certificates_in

    ours = certificates_in("".join(line.key.pem for line in known_keys(work, purpose="seal")))
    if not ours:
        raise Refused("second_signature.unsigned", number=paper.number)
    sample, roots = settings().seal_mode == "demo", _roots()
    if not roots and not sample:
        raise Refused("second_signature.no_authorities")
    try:
        found = second_signature(file.content, issued=issued, ours=ours, roots=roots, now=now)
    except NotSecond as wrong:
        raise Invalid(f"second_signature.{wrong.fault}", field="file", number=paper.number) from None
    if not found.trusted and not sample:
        raise Invalid("second_signature.unknown_authority", field="file", authority=found.authority)
    party = other_side_of(work, paper.id)
    if not any(found.is_by(name) for name in (party["name"], party.get("leader", "")) if name):
        raise Invalid("second_signature.other_name", field="file", signer=found.holder, party=party["name"])
    return found


def _roots() -> frozenset[bytes]:
    """The authorities whose certificates count, as the settings name them."""
    from documents.signed import certificates_in

    path: Path | None = settings().party_authorities
    if path is None:
        return frozenset()
    try:
        return certificates_in(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Broken(f"CHUKE_PARTY_AUTHORITIES {path}: {error}") from error
