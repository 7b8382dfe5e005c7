"""Documents: from plain, frozen contexts to office pages in HTML and, through documents.pdf alone, to PDF."""
