"""The JSON interface under /api/v1, one file a noun: take a shape in, call a service, give a shape out."""
