"""What the checker reports: the code of a broken invariant, what it means in both languages, and the rows."""

from dataclasses import dataclass, field

LISTED = 50
"""How many rows one finding names; all are counted."""

# fmt: off
# ruff: noqa: E501 - one invariant a line, to be read as a table
INVARIANTS: dict[str, tuple[str, str]] = {
    "I1":  ("每个已答复的请求都有对应的办理记录",               "every answered request has its move on record"),
    "I2":  ("每条带请求号的办理记录都恰有一次答复",             "every move on record that names a request was answered exactly once"),
    "I3":  ("按审计记录重演，得到的状态、版本和经办人与现状一致", "replaying the audit trail gives the state, version and manager each case has now"),
    "I4":  ("每一步都是流程表中的一行，由当时持有角色的人办理，职责不相容的不是同一人", "every step is a row of the table, taken by someone who held the role, and no one joined duties that must stay apart"),
    "I5":  ("审计记录号码连续，链与日志均可验证",               "audit numbers have no gap, chains and sealed log verify"),
    "I6":  ("每一步应办的事项恰好各有一件，办成的都有结果",     "what each move owes exists exactly once, and what is done has its result"),
    "I7":  ("没有超过时限仍未办、又未搁置的事项",               "nothing owed is overdue without being parked with a reason"),
    "I8":  ("每张凭证借贷平衡",                                 "every entry sums to zero"),
    "I9":  ("没有低于下限的余额",                               "no balance is below its floor"),
    "I10": ("预算和各项上限的占用等于账上已承诺、应付和净支付之和，且不超限", "what a budget line or a ceiling has used is what is committed, payable and paid less returned, never over"),
    "I11": ("各期金额之和等于资助金额",                         "the instalments sum to the award"),
    "I12": ("只支付已达标的分期，且只支付一次",                 "an instalment is paid once and only when it was earned"),
    "I13": ("凭证号连续，冲销与原凭证相抵且只一次，退款不超过已付", "vouchers have no gap, a reversal undoes its entry once, and no more came back than was paid"),
    "I14": ("对账后银行流水与台账一一对应",                     "after reconciliation lines of the bank and bookings are one to one"),
    "I15": ("文书编号自一起连续、按作出先后排列，一次出壳一张证书", "papers are numbered 1 to k in the order they were decided, one certificate for each graduation"),
    "I16": ("每份文书有一个文件，校验值、编号与记录一致",       "each paper has one file whose hash and number are those on record"),
    "I17": ("作废、撤销的编号保留在案，不再使用",               "revoked and void numbers stay on record and are never used again"),
    "I20": ("数据库完整，没有遗留的占用",                       "the database is sound and nothing is left held"),
    "attempts": ("每期资金在银行的付款指令与其状态、金额一致，至多一笔有效", "every instalment has just the attempt at the bank its state says, of its amount"),
    "sheets": ("锁定的评分表与锁定时的承诺值一致",             "every locked score sheet is what was committed to when it was locked"),
    "clocks": ("每个时限与所处状态相符",                        "every clock agrees with the state its case is in"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken invariant: its code, what it says in Chinese and English, the first rows that break it, how many."""

    code: str
    zh: str
    en: str
    rows: tuple[str, ...]
    count: int


@dataclass
class Report:
    """Gathers what the single checks find; keeps the first rows of each code and counts the rest."""

    _rows: dict[str, list[str]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def add(self, code: str, row: str) -> None:
        """Note one row that breaks the invariant; KeyError for a code that is none."""
        assert code in INVARIANTS, code
        self._counts[code] = self._counts.get(code, 0) + 1
        rows = self._rows.setdefault(code, [])
        if len(rows) < LISTED:
            rows.append(row)

    def findings(self) -> tuple[Finding, ...]:
        """Every broken invariant, in the order of the table."""
        return tuple(
            Finding(code, zh, en, tuple(self._rows[code]), self._counts[code])
            for code, (zh, en) in INVARIANTS.items()
            if code in self._rows
        )
