"""Growing waits after failures, counted by name, by address and by browser, that cannot lock a person out.

An attempt is counted before it is tested, so that a thousand at once are not tested either. A browser that the person
signed in from before has a counter of its own: guesses from elsewhere do not touch it (OWASP, device cookies).
"""

import ipaddress
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from services.database.work import Work
from services.people.models import sign_in_failures
from services.people.rules import counts_anew, may_try_from
from services.protection.sealing import blind_index


def by_name(username: str) -> str:
    """The counter of a user name, known or not; keyed, since people also type passwords and numbers there."""
    return f"name:{mark_of(username)}"


def mark_of(username: str) -> str:
    """A mark by which the same name is known again and from which nobody learns what was typed."""
    return blind_index("sign_in_failures", "subject", username.casefold()).rpartition(".")[2]


def by_address(address: str) -> str:
    """The counter of an address; the 64 bits that one household gets of IPv6 count as one."""
    return f"address:{network(address)}"


def by_browser(token_hash: str, person_id: str) -> str:
    """The counter of a browser the person signed in from before."""
    return f"browser:{token_hash[:32]}:{person_id}"


def by_code(person_id: str) -> str:
    """The counter of a person's one-time codes."""
    return f"code:{person_id}"


def network(address: str) -> str:
    """The address, of IPv6 the first 64 bits; as it came when it is none."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False).network_address)


def wait(work: Work, *subjects: str) -> timedelta:
    """How long nothing is tested for these counters; nothing to wait is zero."""
    rows = work.connection.execute(select(sign_in_failures).where(sign_in_failures.c.subject.in_(subjects)))
    longest = timedelta()
    for row in rows:
        if not counts_anew(row.last_at, work.now):
            longest = max(longest, may_try_from(row.failures, row.last_at) - work.now)
    return longest


def count(work: Work, *subjects: str) -> None:
    """Count one attempt for each of these counters; it is taken back when the attempt was right."""
    for subject in sorted(subjects):
        row = work.connection.execute(
            select(sign_in_failures).where(sign_in_failures.c.subject == subject).with_for_update()
        ).one_or_none()
        if row is None:
            work.connection.execute(insert(sign_in_failures).values(subject=subject, failures=1, last_at=work.now))
            continue
        failures = 1 if counts_anew(row.last_at, work.now) else row.failures + 1
        work.connection.execute(
            update(sign_in_failures)
            .where(sign_in_failures.c.subject == subject)
            .values(failures=failures, last_at=work.now)
        )


def forget(work: Work, *subjects: str) -> None:
    """Begin these counters anew: the person has proved to be it."""
    work.connection.execute(delete(sign_in_failures).where(sign_in_failures.c.subject.in_(subjects)))


def take_back(work: Work, subject: str) -> None:
    """Take back one attempt: an address does not become better by one person's success, nor worse."""
    work.connection.execute(
        update(sign_in_failures)
        .where(sign_in_failures.c.subject == subject, sign_in_failures.c.failures > 0)
        .values(failures=sign_in_failures.c.failures - 1)
    )


def due_to_note(work: Work, subject: str) -> bool:
    """Whether the first refusal of this wait is still to be noted; a flood of guesses is no flood of entries."""
    return bool(
        work.connection.execute(
            update(sign_in_failures)
            .where(
                sign_in_failures.c.subject == subject,
                sign_in_failures.c.noted_at.is_(None) | (sign_in_failures.c.noted_at < sign_in_failures.c.last_at),
            )
            .values(noted_at=work.now)
        ).rowcount
    )
