"""The demo city 青檐市: fictional people and organizations walked into their states through the same commands people use."""
