"""The demo city 青檐市: fictional organizations walked into their states through the commands people use."""
