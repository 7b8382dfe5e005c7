"""Shared parts of pages: base templates, macros and style sheets (package data)."""
