"""Databases of invented cases in any number, for measuring and for rehearsals; never beside real ones."""
