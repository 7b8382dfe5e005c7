"""Whole stories of organizations, from the first application on."""
