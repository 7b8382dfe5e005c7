"""Draws the same certificate many times in one of our ways, in a process of its own: what `chuke bench documents` asks.

`python -m cli.bench.certificate WAY COUNT` prints one line of JSON: milliseconds of CPU a document, memory, size.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

KIND = "graduation_certificate"
SYLLABLES = "河湾区向阳里望河街道桦苑北甸村社区老年协会志愿服务队银龄日间照料中心书画社"


def certificates(count: int) -> list[Any]:
    """That many certificates of different organizations, without a sample seal: those of an office are signed."""
    from documents.registry import KINDS

    chance, sample = random.Random(20261126), KINDS[KIND].sample()
    made = []
    for number in range(1, count + 1):
        holder = "".join(chance.choices(SYLLABLES, k=chance.randint(8, 18)))
        code = "-".join("".join(chance.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=4)) for _ in range(4))
        head = replace(
            sample.head, number=f"QYFH-CQ-2026-{number:04d}", addressee=holder, organization_name=holder, seal="none",
            verify_code=code, verify_url=f"https://fuhua.example.cn/verify/{code}",
        )  # fmt: skip
        made.append(replace(sample, head=head))
    return made


def fields(context: Any) -> dict[str, Any]:
    """What is printed, for peers: each lays it out by its own means."""
    from documents import format as printed

    head = context.head
    body = (
        f"兹证明{head.organization_name}（统一社会信用代码：{context.identity_number}）于"
        f"{printed.chinese_date(context.term_from)}至{printed.chinese_date(context.term_to)}在本中心孵化期满，经出壳评估，"
        f"成绩为良好（{printed.score(context.score)}分），准予出壳（登记出壳）。"
    )
    return {
        "title": head.document_title, "number": f"证书编号：{head.number}", "body": body, "close": "特发此证。",
        "code": f"验证码：{head.verify_code}", "ask": "扫码或登录下列网址核验：", "url": head.verify_url,
        "issuer": head.issuer_name, "day": printed.chinese_date(head.issued_on),
        "note": "本证书证明孵化经历和评估结果，不代替登记证书、备案证书和其他法定证照；状态以核验页面为准。",
    }  # fmt: skip


def _naive(families: dict[str, str]) -> Callable[[Any], bytes]:
    """As the engine's own first steps show it: everything made anew for each document."""
    import weasyprint

    from documents.html import stylesheets, to_html

    sheets = []
    for sheet in stylesheets(KIND):
        text = sheet
        for ours, theirs in families.items():
            text = text.replace(ours, theirs)
        sheets.append(text)

    def draw(context: Any) -> bytes:
        page = weasyprint.HTML(string=to_html(KIND, context))
        return bytes(page.write_pdf(stylesheets=[weasyprint.CSS(string=sheet) for sheet in sheets]))

    return draw


def naive_system() -> Callable[[Any], bytes]:
    """The naive call with the typefaces of the machine."""
    return _naive({"Doc Kai": "Noto Serif CJK SC", "Doc Song": "Noto Serif CJK SC", "Doc Hei": "Noto Sans CJK SC"})


def naive_ours() -> Callable[[Any], bytes]:
    """The naive call with our typefaces."""
    from documents import fontset

    fontset.install()
    return _naive({})


def whole() -> Callable[[Any], bytes]:
    """Ours, laid out as a whole, warm."""
    from documents import pdf

    return lambda context: pdf.render(KIND, context).pdf


def stamped() -> Callable[[Any], bytes]:
    """Ours, stamped."""
    from documents.stamp import stamp

    return lambda context: stamp(KIND, context).pdf


def signed() -> Callable[[Any], bytes]:
    """Ours, stamped and signed with demonstration keys (P-256), the seal drawn by the signature."""
    from documents.stamp import stamp
    from flows.signer import SealOrder
    from flows.signing import local_signer
    from services.database.work import office_now
    from services.settings import Settings

    at = office_now()
    folder = Path(tempfile.mkdtemp(prefix="chuke-bench-seal-"))
    signer = local_signer(Settings(seal_mode="demo", seal_folder=folder), now=at)

    def draw(context: Any) -> bytes:
        drawn = stamp(KIND, context)
        order = SealOrder(
            document_id=context.head.number, kind=KIND, number=context.head.number,
            issuer_name=context.head.issuer_name, places=drawn.seal_places,
        )  # fmt: skip
        return signer.seal(drawn.pdf, order, at=at).pdf

    return draw


WAYS = {one.__name__: one for one in (naive_system, naive_ours, whole, stamped, signed)}


def measured(draw: Callable[[Any], bytes], some: list[Any]) -> dict[str, float]:
    """CPU of this process, its threads included, after two documents that are not counted."""
    for context in some[:2]:
        draw(context)
    size, begun = 0, time.process_time()
    for context in some:
        size += len(draw(context))
    spent = time.process_time() - begun
    return {"ms": spent / len(some) * 1000, "seconds": spent, "mb": peak_mb(), "kb": size / len(some) / 1024}


def peak_mb() -> float:
    """The most memory this program held; what the kernel tells of a process would begin with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Measures the way named first, over as many certificates as the second argument says."""
    way, count = sys.argv[1], int(sys.argv[2])
    os.environ.setdefault("PYTHONHASHSEED", "0")
    print(json.dumps(measured(WAYS[way](), certificates(count))))


if __name__ == "__main__":
    main()
