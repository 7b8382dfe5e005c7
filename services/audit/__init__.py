"""The audit trail: a hash chain per case and one Merkle log over all of them."""
