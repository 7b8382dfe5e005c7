"""Editions of papers' pages: proposed by one person, approved by another, kept with every paper drawn from them."""
