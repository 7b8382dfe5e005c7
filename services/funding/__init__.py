"""Public money: budget lines, awards, instalments and recoveries."""
