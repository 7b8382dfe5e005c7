"""The benchmarks run and tell what they promise; no pass time is asserted."""
