"""Bank statements: read whole or refused, kept, and matched line by line with what the bank was instructed to pay."""
