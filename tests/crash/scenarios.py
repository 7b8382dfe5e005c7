"""Compact scenarios, step by step as clients take them: entry to graduation, an award of three instalments, a recovery,
a reversal.

A step is repeatable the way a client would repeat it: a move carries its request id; of the few commands that have
none, the client looks whether it is already so, or takes the refusal that says so as the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from cli.bench.city import City
from services.assessments.queries import latest_round
from services.cases import commands
from services.cases.recovering import find_recovery
from services.database.work import office_instant, reading
from services.errors import Refused, Stale
from services.funding import bookkeeping
from services.funding.bookkeeping import Correction
from services.ledger.periods import proposals
from services.ledger.queries import entries
from tests.crash.client import Client
from tests.crash.spending import AWARD, CASE, make_batch_of, open_award, release_batch_of, spend

RECOVERY = "YL-ZH-2027-0001"
EVALUATORS = ("evaluator1", "evaluator2", "evaluator3")
ITEMS = {
    "admission": {"A1": 18, "A2": 17, "A3": 17, "A4": 12, "A5": 8, "A6": 8, "A7": 4},
    "midterm": {"M1": 13, "M2": 21, "M3": 12, "M4": 12, "M5": 12, "M6": 8, "M7": 4},
    "graduation": {"R1": 17, "R2": 13, "R3": 21, "R4": 13, "R5": 8, "R6": 4, "R7": 4, "R8": 4},
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a client does, and the office's day on which it does it; its name is its request id."""

    name: str
    day: date
    act: Callable[[Client], None]

    @property
    def now(self) -> datetime:
        """Nine o'clock at the office on that day."""
        return office_instant(self.day)


def _move(name: str, day: date, who: str, trigger: str, *, on: str = CASE, **details: object) -> Step:
    return Step(name, day, lambda client: client.move(who, on, trigger, **details))


def _timer(name: str, day: date) -> Step:
    return Step(name, day, lambda client: client.tick())


# Entry to graduation -------------------------------------------------------------------------------


def _open(client: Client) -> None:
    city = client.city
    if not client.case_exists(CASE):
        commands.open_incubation(
            client.database,
            client.people["applicant1"],
            organization_id=city.organization_ids[0],
            centre_id=city.centre_id,
            plan="开展助老服务",
            now=client.now,
        )


def _materials(client: Client) -> None:
    with reading(client.database, client.now) as work:
        from services.rulesets.commands import rule_set_on

        names = rule_set_on(work, work.today).value("materials.application")
    commands.provide_materials(client.database, client.people["applicant1"], number=CASE, names=names, now=client.now)


def _panel(name: str, day: date, form: str) -> Step:
    def act(client: Client) -> None:
        try:
            commands.appoint_panel(
                client.database,
                client.people["secretary"],
                number=CASE,
                form=form,
                usernames=EVALUATORS,
                now=client.now,
            )
        except Refused as refused:
            if refused.codes != ("assessment.panel_already_appointed",):
                raise

    return Step(name, day, act)


def _round_id(client: Client, form: str) -> str:
    with reading(client.database, client.now) as work:
        from services.cases.turn import load_subject

        present = latest_round(work, load_subject(work, number=CASE).case.id, form)
        assert present is not None
        return present.id


def _declare(name: str, day: date, form: str) -> Step:
    def act(client: Client) -> None:
        for who in EVALUATORS:
            commands.declare_interest(
                client.database,
                client.people[who],
                assessment_id=_round_id(client, form),
                conflict=False,
                now=client.now,
            )

    return Step(name, day, act)


def _score(name: str, day: date, form: str, who: str) -> Step:
    def act(client: Client) -> None:
        actor, identity = client.people[who], _round_id(client, form)
        try:
            commands.save_sheet(
                client.database,
                actor,
                assessment_id=identity,
                items=ITEMS[form],
                comments={"A1": "扎实"} if form == "admission" else {},
                now=client.now,
            )
            commands.lock_sheet(client.database, actor, assessment_id=identity, now=client.now)
        except Refused as refused:
            if refused.codes != ("assessment.sheet_locked",):
                raise

    return Step(name, day, act)


def _plan_twice(client: Client) -> None:
    """A double click: the second, with the version the page still showed, must be refused."""
    plan = {
        "needs": [{"area": "团队", "level": 3}],
        "goals": [{"metric": "志愿者", "base": "12人", "target": "20人", "due_on": "2027-06-30"}],
        "service_plan": "每月两次助老活动",
        "mentor": "导师甲",
    }
    version = client.remembered("version", lambda: client.version(CASE))
    client.move("keeper", CASE, "record_plan", seen=version, **plan)
    try:
        client.move("keeper", CASE, "record_plan", seen=version, again="second click", **plan)
    except Stale:
        return
    raise AssertionError("a stale click was accepted")


def _midterm_report(client: Client) -> None:
    commands.give_midterm_report(client.database, client.people["applicant1"], number=CASE, now=client.now)


MEETING = {"meets_at": "14:00", "place": "孵化中心会议室"}
GATES = [{"gate": f"G{number}", "passed": True, "evidence": "台账"} for number in range(1, 12)]

ADMISSION = (
    Step("open", date(2026, 11, 23), _open),
    Step("materials", date(2026, 11, 23), _materials),
    _move(
        "submit", date(2026, 11, 24), "applicant1", "submit", privacy_notice_accepted=True, commitments_accepted=True
    ),
    _move("accept", date(2026, 11, 25), "clerk", "accept_application"),
    _move(
        "preliminary",
        date(2026, 11, 26),
        "keeper",
        "begin_preliminary_review",
        lists_checked=True,
        visitors=2,
        eligible=True,
        report="符合",
    ),
    _panel("panel", date(2026, 11, 27), "admission"),
    _declare("declare", date(2026, 11, 27), "admission"),
    _move(
        "review",
        date(2026, 11, 27),
        "manager",
        "open_admission_review",
        meets_on="2026-12-01",
        recusal_due_on="2026-11-30",
        **MEETING,
    ),
    *(
        _score(f"score{position}", date(2026, 12, 1), "admission", who)
        for position, who in enumerate(EVALUATORS, start=1)
    ),
    _move("admit", date(2026, 12, 2), "manager", "admit", mode="resident", room="201室"),
    _timer("publicity over", date(2026, 12, 10)),
    Step("plan", date(2026, 12, 11), _plan_twice),
    _move("sign", date(2026, 12, 11), "applicant1", "sign_agreement", signed_by="队长1"),
    _move("start", date(2026, 12, 14), "manager", "start_incubation", starts_on="2026-12-16", signed_by="主任甲"),
)

MIDTERM = (
    Step("report", date(2027, 6, 10), _midterm_report),
    _timer("half term", date(2027, 6, 17)),
    _panel("midterm panel", date(2027, 6, 18), "midterm"),
    _declare("midterm declare", date(2027, 6, 18), "midterm"),
    *(
        _score(f"midterm score{position}", date(2027, 6, 21), "midterm", who)
        for position, who in enumerate(EVALUATORS, start=1)
    ),
)

LEAVING = (
    _move("pass midterm", date(2027, 6, 22), "manager", "pass_midterm"),
    _move("apply", date(2027, 8, 2), "applicant1", "apply_graduation", summary="服务老人三百人次"),
    _move("file", date(2027, 8, 3), "clerk", "check_graduation_file"),
    _panel("graduation panel", date(2027, 8, 4), "graduation"),
    _declare("graduation declare", date(2027, 8, 4), "graduation"),
    _move(
        "graduation review",
        date(2027, 8, 5),
        "secretary",
        "open_graduation_review",
        meets_on="2027-08-10",
        recusal_due_on="2027-08-09",
        **MEETING,
    ),
    *(
        _score(f"graduation score{position}", date(2027, 8, 10), "graduation", who)
        for position, who in enumerate(EVALUATORS, start=1)
    ),
    _move("gates", date(2027, 8, 11), "secretary", "record_gates", gates=GATES),
    _move("approve", date(2027, 8, 12), "manager", "approve_graduation"),
    _timer("graduation publicity over", date(2027, 8, 25)),
)

ENTRY_TO_GRADUATION = (*ADMISSION, *MIDTERM, *LEAVING)


# Three instalments ---------------------------------------------------------------------------------


def _instalment(number: int, day: date, *, mistaken: bool = False) -> tuple[Step, ...]:
    """One instalment from the request to the receipt; `mistaken`: recorded under a wrong serial and reversed first."""
    on, name, told = f"{AWARD}-{number}", f"instalment {number}", day.isoformat()

    def one(trigger: str, who: str, **details: object) -> Step:
        return _move(f"{name} {trigger}", day, who, trigger, on=on, **details)

    wrong = (
        _move(f"{name} wrong serial", day, "payer", "record_payment", on=on, bank_serial="SN0", value_date=told),
        one("propose_reversal", "payer", reason="流水号登记错误"),
        one("agree_reversal", "checker"),
    )
    return (
        one("request_instalment", "applicant1"),
        one("report_milestone", "keeper", finding="节点完成"),
        one("confirm_milestone", "manager"),
        one("check_payment", "maker"),
        one("approve_payment", "checker"),
        one("instruct_payment", "maker"),
        Step(f"{name} batch", day, lambda client: make_batch_of(client, on)),
        Step(f"{name} release", day, lambda client: release_batch_of(client, on)),
        *(wrong if mistaken else ()),
        one("record_payment", "payer", bank_serial=f"SN{number}", value_date=told),
        one("confirm_receipt", "applicant1", received_on=told, confirmed_by="队长1"),
    )


AWARDED = (
    Step("open award", date(2027, 6, 21), open_award),
    _move("apply award", date(2027, 6, 21), "applicant1", "apply_award", on=AWARD),
    _move("eligible", date(2027, 6, 21), "keeper", "find_eligible", on=AWARD),
    # A sum that three shares do not divide: the last takes what remains.
    _move(
        "award scored",
        date(2027, 6, 21),
        "secretary",
        "record_award_result",
        on=AWARD,
        sheets=[{"evaluator": name, "score": "82.5", "amount_fen": 1_500_000} for name in ("甲", "乙", "丙")],
    ),
    _move("propose", date(2027, 6, 21), "manager", "propose", on=AWARD, amount_fen=1_200_001, opinion="按节点核减"),
    _move("first approval", date(2027, 6, 29), "manager", "approve_first", on=AWARD),
    _move("approve award", date(2027, 6, 29), "bureau", "approve", on=AWARD),
    _move("sign award", date(2027, 6, 30), "applicant1", "sign_award", on=AWARD, signed_by="队长1"),
    _move("start payments", date(2027, 6, 30), "manager", "start_payments", on=AWARD, signed_by="主任甲"),
    *_instalment(1, date(2027, 7, 1)),
)

PASS = (_move("pass midterm", date(2027, 7, 2), "manager", "pass_midterm"),)

THREE_INSTALMENTS = (
    *AWARDED,
    *PASS,
    Step("spend 1", date(2027, 7, 5), spend(1, 600_000)),
    *_instalment(2, date(2027, 7, 5)),
    *LEAVING[1:],
    Step("spend 2", date(2027, 8, 26), spend(2, 360_001)),
    *_instalment(3, date(2027, 8, 26), mistaken=True),
)
"""Starts where the midterm is scored and not yet passed: each instalment is earned by the move that is to earn it."""

BEFORE_THE_AWARD = (*ADMISSION, *MIDTERM)


# Recovery ------------------------------------------------------------------------------------------


def _find(client: Client) -> None:
    try:
        find_recovery(client.database, client.people["keeper"], award_number=AWARD, cause="misuse", now=client.now)
    except Refused as refused:
        if refused.codes != ("recovery.already_open",):
            raise


def _recovery(name: str, day: date, who: str, trigger: str, **details: object) -> Step:
    return _move(name, day, who, trigger, on=RECOVERY, **details)


RECOVERED = (
    Step("find", date(2027, 7, 2), _find),
    _recovery("serve notice", date(2027, 7, 2), "keeper", "serve_notice", facts="挪用", evidence="流水",
              compliant_fen=100_001, account="财政专户"),
    _recovery("reply", date(2027, 7, 5), "applicant1", "reply_recovery", reply="愿意退回"),
    _recovery("propose recovery", date(2027, 7, 6), "keeper", "propose_recovery", amount_fen=500_000, reason="属实",
              reply_considered="采纳"),
    _recovery("approve recovery", date(2027, 7, 7), "manager", "approve_recovery"),
    _recovery("decide recovery", date(2027, 7, 8), "bureau", "decide_recovery"),
    _recovery("start repayment", date(2027, 7, 9), "maker", "start_repayment",
              plan=[{"due_on": "2027-07-20", "amount_fen": 200_000}, {"due_on": "2027-08-20", "amount_fen": 300_000}]),
    _recovery("repay a part", date(2027, 7, 20), "payer", "record_repayment", amount_fen=200_000, bank_serial="BACK1",
              received_on="2027-07-20"),
    _recovery("repay the rest", date(2027, 8, 2), "payer", "record_repayment", amount_fen=300_000, bank_serial="BACK2",
              received_on="2027-08-02"),
)  # fmt: skip
"""From the finding to the last fen, on an award whose first instalment was paid."""


# Reversal ------------------------------------------------------------------------------------------


def _proposal(client: Client) -> str:
    """The wrong slip's voucher is proposed to be reversed, once; the proposal is found again after a crash."""
    with reading(client.database, client.now) as work:
        known = [one for one in proposals(work, waiting=False) if one.act == "reverse"]
        voucher = next(one.voucher for one in entries(work) if one.kind == "repayment")
    if known:
        return known[0].id
    wanted = Correction(voucher, "记错了案")
    return bookkeeping.propose_reversal(client.database, client.people["maker"], wanted, now=client.now)


def _propose_reversal(client: Client) -> None:
    _proposal(client)


def _confirm_reversal(client: Client) -> None:
    try:
        bookkeeping.confirm(client.database, client.people["checker"], proposal_id=_proposal(client), now=client.now)
    except Refused as refused:
        if refused.codes != ("ledger.proposal_decided",):
            raise


REVERSED = (
    Step("propose reversal", date(2027, 8, 3), _propose_reversal),
    Step("confirm reversal", date(2027, 8, 4), _confirm_reversal),
    _recovery("repay again", date(2027, 8, 5), "payer", "record_repayment", amount_fen=300_000, bank_serial="BACK2",
              received_on="2027-08-02"),
)  # fmt: skip
"""The last slip was booked wrongly: two people reverse it, the recovery is open again, and the slip is booked anew."""

PAID_ONCE = (*BEFORE_THE_AWARD, *AWARDED)


def city_of(values: dict[str, object]) -> City:
    """The city as it went through JSON."""
    return City(**{**values, "organization_ids": tuple(values["organization_ids"])})  # type: ignore[arg-type]
