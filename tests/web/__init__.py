"""Tests of the console and the interface."""
