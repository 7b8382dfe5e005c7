"""Notices by e-mail: whose address is known, what waits to be sent, and what went out; the notice itself stays here."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, insert, select, update

from services.actors import Actor
from services.database.engine import Database
from services.database.work import Work
from services.errors import Broken, Invalid
from services.messages import sentence
from services.notices.models import mail_addresses, mails, notices
from services.outbox.commands import finish_errand, leave_errand
from services.outbox.rules import Errand
from services.people.acts import act, allowed, note, told
from services.people.models import persons
from services.people.queries import actor_by_id
from services.protection.sealing import seal, unseal
from services.settings import settings

EFFECT = "send_mail"
LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail: plain text without anything personal, under an id that stays the same however often it is sent."""

    message_id: str
    sender: str
    address: str
    subject: str
    body: str


def set_address(database: Database, actor: Actor, person_id: str, address: str, *, now: datetime) -> None:
    """Keep the address under which a person gets mail, or forget it when empty. Invalid for what is no address."""
    checked = told(("邮箱", "e-mail address"), address, longest=LONGEST_ADDRESS, needed=False)
    if checked and not _is_address(checked):
        raise Invalid("mail.address_malformed", field="address")

    def unit(work: Work) -> None:
        allowed(work, actor, "person:mail")
        who = actor_by_id(work, person_id)
        work.connection.execute(delete(mail_addresses).where(mail_addresses.c.person_id == person_id))
        if checked:
            sealed = seal("mail_addresses", person_id, "address", checked)
            values = {"person_id": person_id, "address_sealed": sealed, "changed_at": work.now}
            work.connection.execute(insert(mail_addresses), values)
        details = {"address": "set" if checked else "removed"}
        note(work, actor, "person:mail", stream=f"person:{person_id}", object=who.username, details=details)

    act(database, actor, unit, now=now, action="person:mail", stream=f"person:{person_id}", object=person_id)


def _is_address(text: str) -> bool:
    name, at, host = text.partition("@")
    plain = text.isascii() and text.isprintable() and not any(one in text for one in ' ,;:<>()[]"\\')
    return bool(plain and name and at and "." in host.strip(".") and "@" not in host and ".." not in host)


def address_of(work: Work, person_id: str) -> str:
    """The address under which the person gets mail; empty when none is known."""
    sealed = work.connection.scalar(
        select(mail_addresses.c.address_sealed).where(mail_addresses.c.person_id == person_id)
    )
    return unseal("mail_addresses", person_id, "address", sealed) if sealed else ""


def queue_mail(work: Work, *, notice_id: str, person_id: str) -> bool:
    """Owe an e-mail about the notice; answers False when no server is set or the person has no address.

    Nothing is sent here: the errand is carried afterwards, so that no server can hold up what is being done.
    """
    known = select(mail_addresses.c.person_id).where(mail_addresses.c.person_id == person_id)
    if not settings().smtp_url or work.connection.execute(known).first() is None:
        return False
    errand = leave_errand(
        work, key=f"mail:{notice_id}", effect=EFFECT, case_id=None, case_number="", move_sequence=None,
        payload={"notice": notice_id},
    )  # fmt: skip
    work.connection.execute(insert(mails).values(notice_id=notice_id, errand_id=errand))
    return True


def letter_of(work: Work, errand: Errand) -> Letter | None:
    """The e-mail the errand owes; None when it went out already or the person has no address any more.

    Broken("mail.not_configured") when no server is set: nobody can send it until one is.
    """
    row = work.connection.execute(
        select(mails.c.sent_at, notices.c.person_id, persons.c.language)
        .join(notices, notices.c.id == mails.c.notice_id)
        .join(persons, persons.c.id == notices.c.person_id)
        .where(mails.c.notice_id == errand.payload["notice"])
    ).one()
    address = address_of(work, row.person_id)
    if row.sent_at is not None or not address:
        return None
    if not settings().smtp_url:
        raise Broken("mail.not_configured")
    site = settings().site.rstrip("/")
    host = urlsplit(site).hostname or "localhost"
    return Letter(
        f"<{errand.payload['notice']}@{host}>", settings().smtp_from or f"chuke@{host}", address,
        sentence("mail.subject", row.language), sentence("mail.body", row.language, link=f"{site}/notices"),
    )  # fmt: skip


def book_mail(work: Work, errand: Errand, letter: Letter | None) -> None:
    """Note that the mail went out (None: that there was nothing to send) and finish the errand, in one commit."""
    if letter is not None:
        work.connection.execute(
            update(mails)
            .where(mails.c.notice_id == errand.payload["notice"])
            .values(sent_at=work.now, message_id=letter.message_id[:120])
        )
    finish_errand(work, errand.id, fence=errand.fence)
