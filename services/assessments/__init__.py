"""Assessments: forms, score sheets, panels and their outcome."""
