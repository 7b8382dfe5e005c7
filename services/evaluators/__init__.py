"""Evaluators: the pool, what ties them to organizations, draws of panels, petitions and voided sheets."""
