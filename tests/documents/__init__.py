"""Every document kind, drawn for real and read back."""
