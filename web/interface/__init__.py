"""What every part of the JSON interface shares: shapes, portions, repetition, rates, and its own description."""
