"""The steps that bring a database from empty to the present schema; shipped with the package, applied by `schema`."""
