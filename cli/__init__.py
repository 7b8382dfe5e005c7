"""The command line: reads arguments, calls the same services as the console, prints the answer."""
