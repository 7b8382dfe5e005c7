"""Turns plain values into the words printed on Chinese office documents: dates, money, numbers, scores and masks."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_ORDINALS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_LARGEST_FEN = 10**18


def chinese_date(value: date) -> str:
    """2026年3月5日: Arabic digits, full year, no zero padding (GB/T 9704-2012)."""
    return f"{value.year}年{value.month}月{value.day}日"


def korean_date(value: date) -> str:
    """2026년 3월 5일, as papers in Korean write it."""
    return f"{value.year}년 {value.month}월 {value.day}일"


def chinese_time(value: datetime) -> str:
    """2026年11月18日9时40分. The value is already local (Asia/Shanghai) time; no zone is applied here."""
    return f"{chinese_date(value)}{value.hour}时{value.minute:02d}分"


def chinese_ordinal(number: int) -> str:
    """一, 十, 十二, 二十: the numeral before 、 in a list. Refuses (ValueError) anything outside 1 to 99."""
    if not 1 <= number <= 99:
        raise ValueError(f"ordinal out of range: {number}")
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _ORDINALS[tens] + "十"
    return head + _ORDINALS[units]


def money(fen: int) -> str:
    """¥12,000.00 from integer fen; a minus sign stands before the yuan sign."""
    return f"{'-' if fen < 0 else ''}¥{in_yuan(abs(fen))}"


def in_yuan(fen: int) -> str:
    """12,000.00 from integer fen: yuan with separators and two decimals, for where the column says what it is."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def fen_of(yuan: str) -> int:
    """The fen of an amount written in yuan (12000, 12,000.5, 12，000.50), from nothing to twelve digits of yuan.

    ValueError for anything else: signs, exponents, figures that are not ASCII, a third decimal, a stray separator.
    """
    found = _YUAN.fullmatch(yuan.strip(" "))
    if found is None:
        raise ValueError("not an amount in yuan")
    whole = re.sub("[,，]", "", found[1])
    if len(whole) > MOST_DIGITS:
        raise ValueError("more than twelve digits of yuan")
    return int(whole) * 100 + int((found[2] or "").ljust(2, "0"))


MOST_DIGITS = 12
_YUAN = re.compile(r"([0-9]{1,3}(?:[,，][0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")


def amount_in_capitals(fen: int) -> str:
    """人民币壹万贰仟元整 from integer fen, by the rules for filling settlement vouchers (支付结算办法, annex on
    大写金额).

    Writes 整 after 元 and after 角, 零 after 元 when the yuan digit is zero and 角 is not, or when 角 is zero
    and 分 is not.
    Refuses (ValueError) nothing at all, a negative amount, and 10**16 yuan or more: none belongs on a document.
    """
    if not 0 < fen < _LARGEST_FEN:
        raise ValueError(f"amount not printable: {fen} fen")
    yuan, rest = divmod(fen, 100)
    tenths, hundredths = divmod(rest, 10)
    words = _integer_in_capitals(yuan) + "元" if yuan else ""
    if tenths:
        zero = "零" if yuan and yuan % 10 == 0 else ""
        words += f"{zero}{_DIGITS[tenths]}角"
    elif hundredths and yuan:
        words += "零"
    words += f"{_DIGITS[hundredths]}分" if hundredths else "整"
    return "人民币" + words


def _integer_in_capitals(number: int) -> str:
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    for power in range(len(groups) - 1, -1, -1):
        group = groups[power]
        if group:
            # The voucher rules leave 零 before a non-zero 仟 to the writer; we never write it there.
            words += "零" if words and group < 1000 else ""
            words += _group_in_capitals(group) + ("万" if power == 3 else _GROUPS[power])
        elif power == 2 and len(groups) > 3:
            words += "亿"
    return words


def _group_in_capitals(group: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words


def money_with_capitals(fen: int) -> str:
    """¥12,000.00（人民币壹万贰仟元整）: both forms, as every document about money prints them."""
    return f"{money(fen)}（{amount_in_capitals(fen)}）"


def document_number(issuer_code: str, number_key: str, year: int, serial: int) -> str:
    """青河孵入〔2026〕12号: hexagonal brackets, full year, no zero padding, no 第 (GB/T 9704-2012).

    Refuses (ValueError) a serial below 1 and a year that has not four digits.
    """
    if serial < 1 or not 1000 <= year <= 9999:
        raise ValueError(f"no such document number: year {year}, serial {serial}")
    return f"{issuer_code}{number_key}〔{year}〕{serial}号"


def certificate_number(prefix: str, year: int, serial: int) -> str:
    """QYFH-CQ-2026-0003: certificates carry a padded running number instead of 发文字号. Refuses a serial below 1."""
    if serial < 1:
        raise ValueError(f"no such certificate number: serial {serial}")
    return f"{prefix}-{year}-{serial:04d}"


def patterned_number(pattern: str, prefix: str, year: int, serial: int) -> str:
    """229902001-2026-0003: a number as an office writes it, by a pattern with {prefix}, {year} and {serial:04d}.

    Refuses (ValueError) a serial below 1, and a pattern that does not name year and serial or names anything else.
    """
    if serial < 1:
        raise ValueError(f"no such number: serial {serial}")
    if not _PATTERN.fullmatch(pattern) or "{year}" not in pattern or not _SERIAL.search(pattern):
        raise ValueError(f"no pattern for numbers: {pattern!r}")
    return pattern.format(prefix=prefix, year=year, serial=serial)


_SERIAL = re.compile(r"\{serial(?::0[1-9]d)?\}")
_PATTERN = re.compile(rf"(?:[^{{}}]|\{{prefix\}}|\{{year\}}|{_SERIAL.pattern})+")


def score(value: Decimal) -> str:
    """77.67: two decimals, rounded half up, the way marks are compared with pass marks."""
    return str(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def mark(value: Decimal) -> str:
    """78 or 82.5: a single evaluator's mark, in steps of one half, without useless zeros."""
    return format(value.normalize(), "f")


def masked_name(name: str) -> str:
    """林**: the first character and one star for each other one; an empty name stays empty."""
    return name[:1] + "*" * (len(name) - 1)


def masked_phone(phone: str) -> str:
    """199****0001. Numbers too short to mask so are starred entirely."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * len(phone)


def masked_account(account: str) -> str:
    """尾号0031: only the last four digits of a bank account. Shorter accounts are starred entirely."""
    return f"尾号{account[-4:]}" if len(account) > 4 else "*" * len(account)
