"""The console and the HTTP interface: reads a request, calls a service, shows the answer."""
