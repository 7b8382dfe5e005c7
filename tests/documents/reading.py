"""Reads printed documents back: their text, and which fields of a context are not in it."""

from documents.printed_fields import printed_forms, squeezed, text_of, unprinted_fields

__all__ = ["printed_forms", "squeezed", "text_of", "unprinted_fields"]
