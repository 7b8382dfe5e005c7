"""What clients do about an award beside its moves, repeatably: open it, enter its account, spend it and report."""

from collections.abc import Callable

from cli.demo.acting import picture
from services.applications.inspection import Upload
from services.applications.scanning import NoScanner
from services.awards.spending import NewExpense
from services.cases import commands, spending
from services.cases.opening import NewAward
from services.cases.paying import make_batch, release_batch
from services.cases.payment_lists import lines
from services.database.work import reading, unit_of_work
from services.organizations.commands import enter_account, verify_account
from services.payments.queries import batches
from services.people.queries import actor_named
from tests.crash.client import Client

CASE, AWARD = "YL-2026-0001", "YL-ZZ-2027-0001"


def open_award(client: Client) -> None:
    """Open the draft beside the incubation, once."""
    if client.case_exists(AWARD):
        return
    city = client.city
    with reading(client.database, client.now) as work:
        from services.cases.turn import load_subject

        incubation = load_subject(work, number=CASE).case.id
    new = NewAward(
        organization_id=city.organization_ids[0],
        centre_id=city.centre_id,
        program_id=city.program_id,
        budget_line_id=city.budget_line_id,
        project="助老项目",
        requested_fen=1_500_000,
        account_id=account_of(client),
        incubation_case_id=incubation,
    )
    commands.open_award(client.database, client.people["applicant1"], new, now=client.now)


def account_of(client: Client) -> str:
    """Entered by one person and verified by another, in one unit of work, once."""
    known = client.account_id()
    if known is not None:
        return known
    organization = client.city.organization_ids[0]
    with unit_of_work(client.database, client.now) as work:
        identity = enter_account(
            work,
            actor=actor_named(work, "applicant1"),
            organization_id=organization,
            holder_organization_id=organization,
            account_number="6222000000000001",
            bank="样例银行",
            kind="custody",
        )
        verify_account(work, actor=actor_named(work, "checker"), account_id=identity)
    return identity


def spend(number: int, fen: int) -> Callable[[Client], None]:
    """Enter what was spent after an instalment, with its receipt, and report it; each of both once."""

    def run(client: Client) -> None:
        applicant = client.people["applicant1"]
        with reading(client.database, client.now) as work:
            page, today = spending.spending_of(work, applicant, AWARD), work.today
        if len(page.expenses) < number:
            spending.enter_expense(
                client.database, applicant,
                NewExpense(page.items[0].item.id, today, "材料", fen, f"F{number}", "商店"), number=AWARD,
                upload=Upload("发票.png", picture(number)), scanner=NoScanner(), now=client.now,
            )  # fmt: skip
        if len(page.reports) < number:
            spending.report_expenses(
                client.database, applicant, number=AWARD, instalment=number, summary="材料", now=client.now
            )

    return run


def make_batch_of(client: Client, on: str) -> None:
    """Once: a second batch would find nothing that waits."""
    with reading(client.database, client.now) as work:
        waiting = [one.reference for one in lines(work, unbatched=True) if one.case_number == on]
    if waiting:
        make_batch(client.database, client.people["maker"], waiting, now=client.now)


def release_batch_of(client: Client, on: str) -> None:
    """Once: what has left already is left alone."""
    with reading(client.database, client.now) as work:
        (last,) = [one for one in lines(work) if one.case_number == on]
        if last.sent_at is not None:
            return
        number = batches(work)[0].number
    release_batch(client.database, client.people["payer"], number, now=client.now)
