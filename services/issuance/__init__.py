"""Numbered papers: their stored inputs, their bytes, their verification code and their standing."""
