"""Posted forms: read into the details of a move by the vocabulary of the process tables, and drawn again."""
