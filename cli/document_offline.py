"""`chuke document verify --offline`: checks a file or a QR code's text with public keys alone; opens no database."""

import sys
import tomllib
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cli.asking import Asking, SetUpMissing, WronglyAsked, file_given
from cli.printing import show_json

if TYPE_CHECKING:
    from documents.offline import Finding, Means, Verdict
    from documents.receipt import Receipt
    from documents.revocations import RevocationList

OFFICE_TIME = ZoneInfo("Asia/Shanghai")
MARKS = {"good": "✓", "warn": "!", "bad": "✗", "open": "?"}


@cache
def _sentences(lang: str) -> dict[str, str]:
    """What each finding is said as."""
    text = files("cli").joinpath("document_offline.toml").read_text(encoding="utf-8")
    said: dict[str, str] = tomllib.loads(text)[lang]
    return said


def verify_offline(given: str, *, key: Path | None, revoked: Path | None, holder: str, asking: Asking) -> int:
    """Check the file, or the text of a QR code; 0 when it holds, 4 when something speaks against it, 5 when nothing
    can be said.
    """
    if key is None:
        raise WronglyAsked("--offline 需要 needs --key FILE")
    from documents.offline import check_pdf, check_text

    means = _means(key, revoked, holder, asking)
    path = Path(given) if 0 < len(given) < 250 else None
    if path is not None and path.is_file():
        content = file_given(path)
        verdict = (
            check_pdf(content, means)
            if content[:5] == b"%PDF-"
            else check_text(content.decode(errors="replace"), means)
        )
    else:
        verdict = check_text(given or sys.stdin.read(), means)
    _show(verdict, holder, asking)
    return 0 if verdict.holds else 4 if verdict.refused else 5


def _means(key: Path, revoked: Path | None, holder: str, asking: Asking) -> "Means":
    from documents.offline import Means
    from documents.receipt import keys_in
    from documents.signed import certificates_in

    now = _now(asking)
    try:
        text = file_given(key).decode()
        keys, certificates = keys_in(text), certificates_in(text)
    except ValueError as error:
        raise WronglyAsked(f"{key}: {error}") from None
    return Means(
        keys=keys, certificates=certificates, now=now, today=now.astimezone(OFFICE_TIME).date(), holder=holder,
        revoked=_list(revoked, keys) if revoked else None,
    )  # fmt: skip


def _list(path: Path, keys: Any) -> "RevocationList":
    from documents.revocations import ListBroken, read

    try:
        return read(file_given(path).decode(), keys)
    except (ListBroken, UnicodeDecodeError) as error:
        raise SetUpMissing(f"撤销名单不能用 the revocation list cannot be used: {path}: {error}") from None


def _now(asking: Asking) -> datetime:
    if not asking.on:
        return datetime.now(UTC)
    try:
        told = datetime.fromisoformat(asking.on)
    except ValueError:
        raise WronglyAsked(f"--on {asking.on}: 2026-11-23 | 2026-11-23T09:00") from None
    return told if told.tzinfo else told.replace(tzinfo=OFFICE_TIME)


def _show(verdict: "Verdict", holder: str, asking: Asking) -> None:
    receipt = verdict.receipt
    if asking.json:
        said = _said(receipt) if receipt else {}
        found = [{"weight": one.weight, "code": one.code, **one.facts} for one in verdict.findings]
        show_json({"holds": verdict.holds, **said, "findings": found})
        return
    for one in verdict.findings:
        print(MARKS[one.weight], _sentence(one, holder, asking.lang))
    if receipt is None:
        return
    labels = ("文书种类 kind", "文号 number", "持有者 holder", "签发日期 day", "有效期至 valid to", "流程版本 process")
    for label, value in zip(labels, _said(receipt).values(), strict=False):
        if value:
            print(f"  {label}: {value}")
    print(
        "请与纸面逐项核对，不符的不要采信。",
        "Compare each line with the sheet; where they differ, do not rely on it.",
        sep="\n",
    )  # fmt: skip


def _sentence(finding: "Finding", holder: str, lang: str) -> str:
    facts = {name: _printed(value) for name, value in finding.facts.items()} | {"holder": holder}
    return _sentences(lang)[finding.code].format(**facts)


def _printed(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}"
    return str(value)


def _said(receipt: "Receipt") -> dict[str, str | date | None]:
    from documents.registry import KINDS
    from statemachines.registry import EDITIONS

    titles = {kind.code: f"{kind.code} {kind.title_zh} {kind.title_en}" for kind in KINDS.values()}
    known = [
        f"{name} v{number}"
        for name, editions in EDITIONS.items()
        for number, one in editions.items()
        if one.digest()[:8] == receipt.edition
    ]
    none = "" if receipt.edition == "00000000" else receipt.edition
    return {
        "kind": titles.get(receipt.code, receipt.code),
        "number": receipt.number,
        "holder": receipt.holder or "（名称较长，请用 --holder 核对 long name: check it with --holder）",
        "decided_on": receipt.decided_on,
        "valid_to": receipt.valid_to,
        "edition": known[0] if known else none,
    }
