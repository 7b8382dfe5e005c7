"""One folder per document kind: context dataclass, KIND and sample() in __init__.py, page.html, page.css."""
