"""D40 送达回证: proof that a paper was served, printed to be signed by whoever takes it, or with what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class ServedPaper:
    """A paper that is served: its catalogue code, its name, its printed number and how many pages it has (0: not
    counted).
    """

    code: str
    title: str
    number: str
    pages: int = 0


@dataclass(frozen=True, kw_only=True)
class ProofOfService:
    """recipient: who is to be served (head.organization_name), and contact_person who acts for it. mode: in person,
    left behind before witnesses (留置), by post, by publication. What is empty is left open to be written by hand:
    received_at and receiver with relation (本人, 代收人…) at the signature, refusal for why it was not taken, two
    witnesses for a paper that was left behind. servers: the office's people who served it.
    """

    head: Head
    papers: tuple[ServedPaper, ...]
    recipient: str
    place: str
    contact_person: str = ""
    mode: Literal["direct", "left", "post", "publication"] = "direct"
    received_at: datetime | None = None
    receiver: str = ""
    relation: str = ""
    refusal: str = ""
    witnesses: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    note: str = ""


def sample() -> ProofOfService:
    """A fictional proof with every field filled."""
    return ProofOfService(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="送达回证",
            number="青河孵送〔2026〕9号",
            addressee="石桥村农技服务队",
            case_number="QYFH-2026-0022",
            organization_name="石桥村农技服务队",
            issued_on=date(2026, 11, 9),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="M2ZC-7VTR-4HNB-0QXE",
            verify_url="https://fuhua.example.cn/verify/M2ZC-7VTR-4HNB-0QXE",
            seal="sample",
        ),
        papers=(ServedPaper(code="D13", title="整改通知书", number="青河孵整〔2026〕2号", pages=2),),
        recipient="石桥村农技服务队",
        contact_person="田有禾",
        place="石桥村村民委员会",
        mode="direct",
        received_at=datetime(2026, 11, 9, 10, 20),  # noqa: DTZ001 - a paper prints the office's clock
        receiver="田有禾",
        relation="负责人",
        refusal="无",
        witnesses=("石桥村村民委员会见证人甲", "石桥村村民委员会见证人乙"),
        servers=("赵未央", "沈小满"),
        note="随附整改事项清单一份",
    )


KIND = Kind(
    code="D40",
    name="proof_of_service",
    title_zh="送达回证",
    title_en="Proof of service",
    family="C",
    number_key="送",
    context=ProofOfService,
    sample=sample,
    unprinted=frozenset({"head.addressee"}),
)
