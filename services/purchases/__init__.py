"""Service purchase: what is transferred, who may take it, who asks for it, what was offered and what was agreed."""
