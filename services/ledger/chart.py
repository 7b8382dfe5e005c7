"""The chart of accounts: every account of the book once, with its code, its names, its kind and its normal side."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["source", "use", "claim"]
Side = Literal["debit", "credit"]


@dataclass(frozen=True, slots=True)
class Account:
    """One account: `code` as it is stored, `number` as an accountant orders it; a debit is positive, a credit negative.

    Kind: where money comes from (source), where it stands (use), what somebody owes (claim).
    """

    code: str
    number: str
    zh: str
    en: str
    kind: Kind
    side: Side


# fmt: off
CHART: tuple[Account, ...] = (
    Account("APPROPRIATED", "1001", "批复预算",   "Appropriated",  "source", "credit"),
    Account("RETURNED",     "1101", "退回资金",   "Returned",      "source", "credit"),
    Account("AVAILABLE",    "2001", "可用预算",   "Available",     "use",    "debit"),
    Account("COMMITTED",    "2101", "已承诺资助", "Committed",     "use",    "debit"),
    Account("PAYABLE",      "2201", "应付资助款", "Payable",       "use",    "debit"),
    Account("PAID",         "2301", "已付资助款", "Paid",          "use",    "debit"),
    Account("RECEIVABLE",   "3001", "应收追回款", "Receivable",    "claim",  "debit"),
    Account("RECOVERY_DUE", "3101", "待追回款",   "Recovery due",  "claim",  "credit"),
)
KINDS: dict[str, tuple[str, str]] = {
    "appropriate":        ("预算下达",     "Appropriation"),
    "adjust":             ("预算调整",     "Budget adjusted"),
    "commit":             ("资助承诺",     "Commitment"),
    "release_commitment": ("承诺撤销",     "Commitment released"),
    "instruct":           ("付款指令",     "Payment instructed"),
    "pay":                ("付款",         "Payment"),
    "bank_return":        ("银行退回",     "Returned by the bank"),
    "refund":             ("结余退回",     "Unspent money returned"),
    "recovery":           ("决定追回",     "Recovery decided"),
    "repayment":          ("追回入账",     "Recovery repaid"),
    "write_off":          ("追回核销",     "Recovery written off"),
    "reversal":           ("冲销",         "Reversal"),
}
"""What an entry is about, by the kind it is posted under."""
# fmt: on

ACCOUNTS = {account.code: account for account in CHART}


def account_name(code: str, lang: str) -> str:
    """What the account is called; KeyError for one that is not on the chart."""
    account = ACCOUNTS[code]
    return account.zh if lang == "zh" else account.en


def kind_name(kind: str, lang: str) -> str:
    """What an entry of this kind is called; the kind itself where nobody named it."""
    zh, en = KINDS.get(kind, (kind, kind))
    return zh if lang == "zh" else en
