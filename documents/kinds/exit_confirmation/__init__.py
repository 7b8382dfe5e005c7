"""D21 退出确认书及交接清单: what both sides hand over and settle when an incubation ends, signed by both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """One kind of thing handed back. unit: 套, 把. state: 完好."""

    name: str
    quantity: int
    unit: str = ""
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class ExitConfirmation:
    """reason: how the incubation ended. handover_by: last day of a handover still to come; None once it is done, and
    then assets, keys and deposit say what it came to. A handover to come leaves rows to write on.

    paid_fen: paid in all; balance_fen: unspent money that came back; unpaid_fen: promised and not paid, which after
    a graduation is still to come and otherwise never will.
    remark: typed, may be empty.
    """

    head: Head
    reason: Literal["withdrawal", "graduation", "expulsion", "suspension"]
    ended_on: date
    centre_name: str
    leader: str
    room: str = ""
    handover_by: date | None = None
    assets: tuple[HandedOver, ...] = ()
    keys: int = 0
    deposit_fen: int = 0
    paid_fen: int = 0
    balance_fen: int = 0
    unpaid_fen: int = 0
    remark: str = ""
    copies: int = 2


def sample() -> ExitConfirmation:
    """A fictional form after a withdrawal, with every field filled that such a form has."""
    return ExitConfirmation(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="退出确认书及交接清单",
            number="青河孵退〔2026〕2号",
            addressee="柳泉村戏曲表演队",
            case_number="QYFH-2026-0010",
            organization_name="柳泉村戏曲表演队",
            issued_on=date(2026, 9, 18),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="D0RM-8VKQ-4TXC-62WH",
            verify_url="https://fuhua.example.cn/verify/D0RM-8VKQ-4TXC-62WH",
            seal="sample",
        ),
        reason="withdrawal",
        ended_on=date(2026, 9, 18),
        centre_name="青檐市河湾区社区社会组织孵化中心",
        leader="柳半夏",
        room="柳泉乡文化站",
        assets=(HandedOver(name="音响", quantity=1, unit="套", state="完好，可正常使用"),),
        keys=2,
        deposit_fen=20_000,
        paid_fen=300_000,
        balance_fen=120_000,
        unpaid_fen=300_000,
        remark="排练厅灯管损坏1支，已由乙方更换",
        copies=2,
    )


KIND = Kind(
    code="D21",
    name="exit_confirmation",
    title_zh="退出确认书及交接清单",
    title_en="Confirmation of exit and handover list",
    family="C",
    number_key="退",
    context=ExitConfirmation,
    sample=sample,
)
