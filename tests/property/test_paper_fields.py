"""Whatever people type into a paper is printed as typed or refused by name; its page stays well formed."""

from __future__ import annotations

import os
from dataclasses import fields, is_dataclass, replace
from functools import cache
from html import escape
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from documents.context import ContextInvalid, from_json, to_json
from documents.editions.markup import filled_findings
from documents.glyphs import MissingGlyph, check_glyphs
from documents.html import to_html
from documents.registry import KINDS

NIGHTLY = os.environ.get("CHUKE_NIGHTLY") == "1"
INVISIBLE = "\u202e\u2066\u200b\u200d\u2060\ufeff\u00ad\u0007\u2028"
NASTY = (
    "<b>粗</b>", "</p></body></html>", "<script>x</script>", "&amp;&lt;", "\"' onclick=x", "{{ 7*7 }}", "{% raw %}",
    "]]>", "<!-- x", "第一行\n第二行\n\n第四行", "青" * 60, "A" * 60, "a" * 400, " ", "0", "。。。", "\\", "%s%d{0}",
    "𠮷野家", "张𬎆", "١٢٣", "שלום",
)  # fmt: skip
words = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40),
    st.builds(lambda text, mark: f"{text}{mark}{text}", st.text("青河社区ABC", max_size=8), st.sampled_from(INVISIBLE)),
)
KEPT = {"verify_code", "verify_url", "seal"}


def typed(value: Any, draw: Any, wanted: Any = None) -> Any:
    """The same context with something else in some of the texts that people type, and some lists made long."""
    if is_dataclass(value) and not isinstance(value, type):
        hints = get_type_hints(type(value))
        changed = {
            one.name: typed(getattr(value, one.name), draw, hints[one.name])
            for one in fields(value)
            if one.name not in KEPT
        }
        return replace(value, **changed)
    if isinstance(value, tuple):
        kept = tuple(typed(one, draw, (get_args(wanted) or (None,))[0]) for one in value)
        return kept * draw(st.sampled_from((1, 1, 1, 9)))
    if isinstance(value, str) and get_origin(wanted) is not Literal and draw(st.booleans()):
        return draw(words)
    return value


@cache
def names_it(name: str) -> bool:
    """Whether the page of a kind says the organization's name of its head; an agreement says that of its party."""
    sample = KINDS[name].sample()
    return "另一家社会组织" in to_html(
        name, replace(sample, head=replace(sample.head, organization_name="另一家社会组织"))
    )


def test_all_but_nine_kinds_name_the_organization_of_their_head() -> None:
    assert {name for name in KINDS if not names_it(name)} == {
        "annual_conclusion", "award_agreement", "gift_confirmation", "incubation_agreement", "indicator_bulletin",
        "party_suggestion", "proof_of_service", "publicity_notice", "star_result_notice",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(KINDS) if NIGHTLY else sorted(KINDS)[::6])
@settings(max_examples=200 if NIGHTLY else 6, deadline=None, phases=(Phase.generate,))
@given(data=st.data())
def test_a_page_stays_well_formed_and_a_text_stays_text(name: str, data: st.DataObject) -> None:
    kind = KINDS[name]
    try:
        context = typed(kind.sample(), data.draw)
    except (ContextInvalid, ValueError):  # a kind may say that its fields contradict each other
        return
    assert from_json(kind, to_json(context)) == context
    try:
        html = to_html(name, context)
    except (ValueError, UndefinedError):
        # A list may be longer than there are ordinals, or than the other list that belongs to it.
        return
    assert filled_findings(html) == ()
    for nasty in ("<b>粗</b>", "<script>x</script>", "</p></body></html>"):
        assert nasty not in html
        if nasty == context.head.organization_name and names_it(name):
            assert escape(nasty) in html


@pytest.mark.parametrize("mark", INVISIBLE)
def test_what_nobody_would_see_is_refused_with_its_field(mark: str) -> None:
    sample = KINDS["admission_notice"].sample()
    context = replace(sample, head=replace(sample.head, organization_name=f"桦苑{mark}书画社"))
    with pytest.raises(MissingGlyph) as refused:
        check_glyphs(to_json(context))
    assert (refused.value.field, refused.value.code_point) == ("head.organization_name", f"U+{ord(mark):04X}")
