"""The golden page: its bytes for every set of libraries we know; elsewhere all renderers of a machine must agree."""

from __future__ import annotations

from collections.abc import Mapping

PAGE = """<html lang="zh-Hans"><head><title>样张</title></head><body>
<h1>出壳证书</h1><p class="hei">社区社会组织（2026）第7号</p><p class="kai">兹证明：成绩为良好，86.50分，准予出壳。</p>
<p>青檐市河湾区社区社会组织孵化中心自二〇二六年六月十六日起受理社区社会组织入驻申请，申请人可以到服务窗口提交材料，也可以网上提交。</p>
<table><tr><td>项目</td><td>¥12,000.00</td></tr></table>
<svg viewBox="0 0 10 10" width="20" height="20"><circle cx="5" cy="5" r="4" fill="#d7141a"/></svg>
</body></html>"""

SHEET = """@page { size: 148mm 105mm; margin: 10mm }
html { font: 12pt/18pt "Doc Song" } h1 { font: bold 20pt "Doc Song" }
p { text-align: justify } .hei { font-family: "Doc Hei" } .kai { font-family: "Doc Kai" }
td { border: 1pt solid #000 }"""

GOLDEN: Mapping[str, str] = {
    "weasyprint 70.0; pango 1.50.12; harfbuzz 6.0.0; zlib 1.2.13; justify on; fonts 9000678512d5": (
        "9487fcdb3567cfab9a41069c0c869a301cb57ba4c1e4ac2c60c331d3cc6aeb2a"
    ),
}
"""An engine to what the page comes out as; `python -m documents.self_test` prints the line to add."""
