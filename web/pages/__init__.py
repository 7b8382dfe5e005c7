"""The pages of the console, one file a noun: parse, call a service, show the answer."""
