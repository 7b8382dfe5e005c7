"""What people do about the money of a running award: enter expenses, shift between items, report, strike out."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from services.actors import Actor
from services.applications.inspection import Upload, inspect
from services.applications.scanning import Scanner
from services.authority.rules import demand, scopes
from services.awards import spending
from services.awards.queries import AuditLine, BudgetItem, audit_of, budget_of, spent_by_item, terms_of
from services.awards.rules import balance_fen
from services.awards.spending import ExpenseLine, NewExpense, ReportLine, ShiftLine
from services.cases.lists import demand_seen, may_see
from services.cases.models import cases
from services.cases.noting import acted, noted
from services.cases.queries import case_number_of
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.database.engine import Database
from services.database.work import Work, reading
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.funding.models import instalments
from services.funding.queries import award
from services.funding.sources import refuse_forbidden
from services.issuance.files import file_bytes, store_file
from services.ledger.queries import balances
from services.people.acts import told, unfit
from services.rulesets.commands import rules_of
from statemachines.roles import Role

ENTER, STRIKE, DECIDE, READ = "expense:enter", "expense:strike", "expense:decide_shift", "expense:read"
OPEN_TO_APPLICANT = ("EXECUTING",)
OPEN_TO_OFFICE = ("EXECUTING", "ACCEPTANCE")


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One budget item: what is granted for it, what was spent on it, what is left, in fen."""

    item: BudgetItem
    spent_fen: int

    @property
    def left_fen(self) -> int:
        """What may still be spent."""
        return self.item.amount_fen - self.spent_fen


@dataclass(frozen=True, slots=True)
class Spending:
    """The money of one award, plan against actual, and what this person may do about it."""

    number: str
    organization: str
    project: str
    state: str
    amount_fen: int
    paid_fen: int
    returned_fen: int
    starts_on: date
    ends_on: date
    items: tuple[ItemLine, ...]
    expenses: tuple[ExpenseLine, ...]
    shifts: tuple[ShiftLine, ...]
    reports: tuple[ReportLine, ...]
    to_report: tuple[int, ...]
    audit: AuditLine | None
    may_enter: bool
    may_strike: bool
    may_decide: bool

    @property
    def spent_fen(self) -> int:
        """Everything spent that counts."""
        return sum(one.spent_fen for one in self.items)

    @property
    def balance_fen(self) -> int:
        """Paid, and neither spent nor returned."""
        return balance_fen(paid_fen=self.paid_fen, returned_fen=self.returned_fen, spent_fen=self.spent_fen)


def spending_of(work: Work, actor: Actor, number: str) -> Spending:
    """The money of an award for somebody who may see its case; NotFound for everybody else."""
    demand(actor, READ)
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number)
    if subject.case.kind != "award":
        raise NotFound("award.not_found")
    award_id, state = subject.case.id, subject.case.state
    line, terms, spent = award(work, award_id), terms_of(work, award_id), spent_by_item(work, award_id)
    book = balances(work, award_id=award_id)
    reports = spending.reports_of(work, award_id)
    own = Role.APPLICANT in standing_on(work, actor, subject).roles
    return Spending(
        number=number, organization=subject.organization.name, project=line.project, state=state,
        amount_fen=line.amount_fen or line.requested_fen, paid_fen=book.get("PAID", 0),
        returned_fen=-book.get("RETURNED", 0), starts_on=terms.starts_on, ends_on=terms.ends_on,
        items=tuple(ItemLine(one, spent.get(one.id, 0)) for one in budget_of(work, award_id)),
        expenses=spending.expenses_of(work, award_id), shifts=spending.shifts_of(work, award_id), reports=reports,
        to_report=_to_report(work, award_id, {one.number for one in reports}), audit=audit_of(work, award_id),
        may_enter=own and state in OPEN_TO_APPLICANT and bool(scopes(actor, ENTER)),
        may_strike=bool(scopes(actor, STRIKE)) and state in (OPEN_TO_APPLICANT if own else OPEN_TO_OFFICE),
        may_decide=bool(scopes(actor, DECIDE)) and state in OPEN_TO_APPLICANT,
    )  # fmt: skip


def _to_report(work: Work, award_id: str, done: set[int]) -> tuple[int, ...]:
    rows = work.connection.execute(
        select(instalments.c.number)
        .join(cases, cases.c.id == instalments.c.case_id)
        .where(instalments.c.award_id == award_id, cases.c.state == "CONFIRMED")
        .order_by(instalments.c.number)
    ).scalars()
    return tuple(one for one in rows if one not in done)


def _own_award(work: Work, actor: Actor, number: str, action: str) -> Subject:
    """The award, locked, for an applicant of it while it is executed."""
    demand(actor, action)
    subject = load_subject(work, number=number, lock=True)
    if Role.APPLICANT not in standing_on(work, actor, subject).roles:
        raise Forbidden("case.role_missing", case_number=number)
    if subject.case.kind != "award" or subject.case.state not in OPEN_TO_APPLICANT:
        raise Refused("expense.not_executing", case_number=number)
    return subject


def enter_expense(
    database: Database, actor: Actor, new: NewExpense, *, number: str, upload: Upload, scanner: Scanner, now: datetime
) -> str:
    """Enter an expense of the own award with its receipt; answers its id.

    Invalid for a file that is no honest receipt; Refused for a use the money's source forbids, too much cash, more
    than the item has left, an invoice that counts already, a day outside of the agreement, and while the award is not
    executed. The slow looking happens before anything is locked.
    """
    what = told(("支出事项", "what was paid for"), new.what, longest=120)
    payee = told(("收款人", "payee"), new.payee, longest=80)
    invoice = told(("票据号码", "invoice number"), new.invoice_number, longest=40)
    if not 0 < new.amount_fen < 10**13:
        raise unfit("input.out_of_range", ("金额", "amount"))
    sound = inspect(upload)
    if scanner.finds(sound.content):
        raise Invalid("upload.infected")

    def unit(work: Work) -> str:
        subject = _own_award(work, actor, number, ENTER)
        fresh = replace(new, what=what, payee=payee, invoice_number=invoice)
        digest = store_file(work, sound.content, media_type=sound.media_type)
        refuse_forbidden(award(work, subject.case.id).source, what)
        rules = rules_of(work, subject.case.rule_set_id)
        identity = spending.record_expense(
            work, actor, fresh, award_id=subject.case.id, cash_to_fen=rules.number("money.cash_to_fen"),
            receipt=(digest, sound.extension),
        )  # fmt: skip
        acted(work, actor, subject, ENTER, {"expense": identity, "amount_fen": new.amount_fen, "sha256": digest})
        return identity

    return noted(database, actor, unit, now=now, number=number, action=ENTER, spared=(Invalid,))


def strike_expense(database: Database, actor: Actor, *, expense_id: str, reason: str, now: datetime) -> None:
    """Strike an expense out with a reason: the applicant an own one while the award is executed, the case manager one
    that is not in order until it is accepted.
    """
    why = told(("理由", "reason"), reason, longest=400)
    with reading(database, now) as work:
        number = case_number_of(work, spending.expense_row(work, expense_id).award_id)

    def unit(work: Work) -> None:
        demand(actor, STRIKE)
        subject = load_subject(work, number=number, lock=True)
        roles = standing_on(work, actor, subject).roles
        allowed = OPEN_TO_APPLICANT if Role.APPLICANT in roles else OPEN_TO_OFFICE
        if not roles & {Role.APPLICANT, Role.CASE_MANAGER}:
            raise Forbidden("case.role_missing", case_number=number)
        if subject.case.state not in allowed:
            raise Refused("expense.not_executing", case_number=number)
        spending.strike_expense(work, actor, expense_id=expense_id, reason=why)
        acted(work, actor, subject, STRIKE, {"expense": expense_id, "reason": why})

    noted(database, actor, unit, now=now, number=number, action=STRIKE, spared=(Invalid,))


def shift_budget(
    database: Database, actor: Actor, *, number: str, from_item_id: str, to_item_id: str, amount_fen: int, reason: str,
    now: datetime,
) -> str:  # fmt: skip
    """Shift money between two items of the own award; answers free or waiting."""
    why = told(("调剂理由", "reason"), reason, longest=400)

    def unit(work: Work) -> str:
        subject = _own_award(work, actor, number, ENTER)
        percent = rules_of(work, subject.case.rule_set_id).number("money.shift_percent")
        standing = spending.shift_budget(
            work, actor, award_id=subject.case.id, from_item_id=from_item_id, to_item_id=to_item_id,
            amount_fen=amount_fen, reason=why, percent=percent,
        )  # fmt: skip
        acted(work, actor, subject, "expense:shift", {"amount_fen": amount_fen, "standing": standing})
        return standing

    return noted(database, actor, unit, now=now, number=number, action="expense:shift", spared=(Invalid,))


def decide_shift(
    database: Database, actor: Actor, *, shift_id: str, agrees: bool, answer: str, now: datetime
) -> None:  # fmt: skip
    """The centre's manager agrees to a shift above the free share, or refuses it; nobody the own one."""
    said = told(("答复", "answer"), answer, longest=400, needed=not agrees)
    with reading(database, now) as work:
        number = case_number_of(work, spending.shift_row(work, shift_id).award_id)

    def unit(work: Work) -> None:
        demand(actor, DECIDE)
        subject = load_subject(work, number=number, lock=True)
        standing = standing_on(work, actor, subject)
        if Role.CENTRE_MANAGER not in standing.roles:
            raise Forbidden("case.role_missing", case_number=number)
        if "apply" in standing.duties or spending.shift_row(work, shift_id).asked_by == actor.id:
            raise Forbidden("case.duties_must_be_separate", case_number=number)
        spending.decide_shift(work, actor, shift_id=shift_id, agrees=agrees, answer=said)
        acted(work, actor, subject, DECIDE, {"shift": shift_id, "agrees": agrees})

    noted(database, actor, unit, now=now, number=number, action=DECIDE, spared=(Invalid,))


def report_expenses(
    database: Database, actor: Actor, *, number: str, instalment: int, summary: str, now: datetime
) -> None:
    """Report what was spent after an instalment that was confirmed; the next one can be requested then."""
    said = told(("支出情况", "what was spent"), summary, longest=1000)

    def unit(work: Work) -> None:
        subject = _own_award(work, actor, number, ENTER)
        if instalment not in _to_report(work, subject.case.id, set()):
            raise Refused("expense.instalment_not_confirmed", number=instalment)
        spending.report_expenses(work, actor, award_id=subject.case.id, number=instalment, summary=said)
        acted(work, actor, subject, "expense:report", {"instalment": instalment})

    noted(database, actor, unit, now=now, number=number, action="expense:report", spared=(Invalid,))


def receipt(work: Work, actor: Actor, expense_id: str) -> tuple[str, bytes]:
    """The kind and the bytes of a receipt, for who may see the award; NotFound for everybody else."""
    demand(actor, READ)
    row = spending.expense_row(work, expense_id)
    if not may_see(work, actor, case_number_of(work, row.award_id)):
        raise NotFound("expense.not_found")
    return row.file_extension, file_bytes(work, row.file_sha256)
