"""Writes of the desk; who may do them on which case is judged by `services.cases.desk`, the only caller."""

from sqlalchemy import delete, func, insert, select, update

from services.database.base import new_id
from services.database.work import Work
from services.desk.models import desk_claims, desk_copies, desk_filters, desk_nudges, desk_requests, desk_settings
from services.desk.queries import RequestLine, claim_on, filters_kept, request_line
from services.desk.rules import MOST_FILTERS
from services.errors import Forbidden, Invalid, NotFound, Refused


def claim(work: Work, *, case_id: str, person_id: str, version: int) -> None:
    """Take the case in hand, or renew the own claim.

    Refused("desk.held_by_another") while somebody else's claim keeps others away; an older claim gives way.
    """
    standing = claim_on(work, case_id)
    if standing is not None and standing.person_id != person_id:
        if standing.minutes:
            raise Refused("desk.held_by_another", holder=standing.name, minutes=standing.minutes)
        end_claim(work, case_id=case_id, by_id=person_id)
        standing = None
    if standing is not None:
        open_claim = (desk_claims.c.case_id == case_id, desk_claims.c.ended_at.is_(None))
        work.connection.execute(update(desk_claims).where(*open_claim).values(touched_at=work.now, version=version))
        return
    work.connection.execute(
        insert(desk_claims).values(
            id=new_id(), case_id=case_id, person_id=person_id, version=version, claimed_at=work.now,
            touched_at=work.now,
        )
    )  # fmt: skip


def end_claim(work: Work, *, case_id: str, by_id: str) -> bool:
    """End the claim on the case; answers False when there was none."""
    open_claim = (desk_claims.c.case_id == case_id, desk_claims.c.ended_at.is_(None))
    ended = work.connection.execute(
        update(desk_claims).where(*open_claim).values(ended_at=work.now, ended_by=by_id)
    ).rowcount
    return bool(ended)


def ask(work: Work, *, kind: str, case_id: str, by_id: str, to_id: str, version: int, question: str) -> str:
    """Ask a colleague; answers the request's id. Refused("desk.already_asked") while the same is still open."""
    known = (
        desk_requests.c.case_id == case_id, desk_requests.c.kind == kind, desk_requests.c.to_id == to_id,
        desk_requests.c.standing == "open",
    )  # fmt: skip
    if work.connection.execute(select(desk_requests.c.id).where(*known)).first() is not None:
        raise Refused("desk.already_asked")
    identity = new_id()
    work.connection.execute(
        insert(desk_requests).values(
            id=identity, case_id=case_id, kind=kind, by_id=by_id, to_id=to_id, version=version, question=question,
            asked_at=work.now, standing="open",
        )
    )  # fmt: skip
    return identity


def open_request(work: Work, request_id: str, *, asker: str = "", asked: str = "") -> RequestLine:
    """The open request, for the one who asked or the one who was asked.

    NotFound when there is none, Forbidden("desk.not_yours") for anybody else, Refused("desk.closed") once it is closed.
    """
    found = request_line(work, request_id)
    if found is None:
        raise NotFound("desk.request_not_found")
    if (asker and found.by_id != asker) or (asked and found.to_id != asked):
        raise Forbidden("desk.not_yours")
    if found.standing != "open":
        raise Refused("desk.closed")
    return found


def close_request(work: Work, request_id: str, *, standing: str, opinion: str | None = None, answer: str = "") -> None:
    """Close an open request as answered or withdrawn. Refused("desk.closed") when somebody was faster."""
    changed = work.connection.execute(
        update(desk_requests)
        .where(desk_requests.c.id == request_id, desk_requests.c.standing == "open")
        .values(standing=standing, opinion=opinion, answer=answer, closed_at=work.now)
    ).rowcount
    if changed != 1:
        raise Refused("desk.closed")


def settle(work: Work, *, case_id: str, by_id: str) -> None:
    """The case left its state: the claim has served, and what was asked for that state needs no answer any more."""
    end_claim(work, case_id=case_id, by_id=by_id)
    work.connection.execute(
        update(desk_requests)
        .where(desk_requests.c.case_id == case_id, desk_requests.c.standing == "open")
        .values(standing="overtaken", closed_at=work.now)
    )


def copy(work: Work, *, case_id: str, by_id: str, to_id: str, note: str) -> None:
    """Note that a person was told of the case."""
    row = {"id": new_id(), "case_id": case_id, "by_id": by_id, "to_id": to_id, "note": note, "sent_at": work.now}
    work.connection.execute(insert(desk_copies).values(**row))


def nudge(work: Work, *, case_id: str, by_id: str, told: int) -> None:
    """Note today's nudge on the case. Refused("desk.nudged_today") when there was one already."""
    today = (desk_nudges.c.case_id == case_id, desk_nudges.c.on_date == work.today)
    if work.connection.execute(select(desk_nudges.c.told).where(*today)).first() is not None:
        raise Refused("desk.nudged_today")
    row = {"case_id": case_id, "on_date": work.today, "by_id": by_id, "at": work.now, "told": told}
    work.connection.execute(insert(desk_nudges).values(**row))


# Filters and keys: a person's own things, nobody else's concern ------------------------------------


def save_filter(work: Work, *, owner_id: str, name: str, query: str, role: str | None) -> str:
    """Keep a filter under a name, in place of the own one of that name; answers its id.

    Invalid("desk.too_many_filters") beyond MOST_FILTERS.
    """
    same = (desk_filters.c.owner_id == owner_id, desk_filters.c.name == name)
    known = work.connection.execute(select(desk_filters.c.id).where(*same)).scalar()
    if known is not None:
        work.connection.execute(update(desk_filters).where(*same).values(query=query, role=role))
        return str(known)
    if filters_kept(work, owner_id) >= MOST_FILTERS:
        raise Invalid("desk.too_many_filters", most=MOST_FILTERS)
    row = {"id": new_id(), "owner_id": owner_id, "name": name, "query": query, "role": role, "created_at": work.now}
    work.connection.execute(insert(desk_filters).values(**row))
    return str(row["id"])


def drop_filter(work: Work, *, owner_id: str, filter_id: str) -> None:
    """Forget an own filter; whoever opened the list with it opens it without. An unknown one changes nothing."""
    own = select(desk_filters.c.id).where(desk_filters.c.id == filter_id, desk_filters.c.owner_id == owner_id)
    if work.connection.execute(own).first() is None:
        return
    work.connection.execute(update(desk_settings).where(desk_settings.c.filter_id == filter_id).values(filter_id=None))
    work.connection.execute(delete(desk_filters).where(desk_filters.c.id == filter_id))


def set_keys(work: Work, *, person_id: str, on: bool) -> None:
    """Switch the single keys on or off for the person."""
    _set(work, person_id, keys_on=on)


def set_default_filter(work: Work, *, person_id: str, filter_id: str | None) -> None:
    """With which filter the person's list opens; None for none."""
    _set(work, person_id, filter_id=filter_id)


def _set(work: Work, person_id: str, **values: object) -> None:
    own = desk_settings.c.person_id == person_id
    if work.connection.execute(select(func.count()).where(own)).scalar_one():
        work.connection.execute(update(desk_settings).where(own).values(**values))
        return
    work.connection.execute(insert(desk_settings).values(person_id=person_id, **{"keys_on": True, **values}))
