"""Tests of the shape of the code base: what may import what, what is shipped, what is locked."""
