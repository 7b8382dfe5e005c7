"""Reads printed documents back: their text, and which fields of a context are not in it."""

import re
from dataclasses import dataclass

from documents.printed_fields import printed_forms, squeezed, text_of, unprinted_fields

__all__ = ["Example", "missing_from", "printed_forms", "squeezed", "text_of", "unprinted_fields"]


@dataclass(frozen=True, slots=True)
class Example:
    """A filled example of the catalogue: its phrases between bars, in the order and the words of the reference.

    A blank within a phrase is where the reference sets a label apart from its value: on paper nothing, the line of a
    table, or a colon. A phrase may run over several lines of the source.
    """

    code: str
    kind: str
    text: str

    @property
    def phrases(self) -> tuple[str, ...]:
        """What has to stand on the paper, each in one piece."""
        return tuple(" ".join(one.split()) for one in self.text.split("|"))


def missing_from(text: str, example: Example) -> list[str]:
    """The phrases of the example that are not in the text of the paper."""
    return [
        phrase
        for phrase in example.phrases
        if not re.search("：?".join(re.escape(word) for word in phrase.split(" ")), text)
    ]
