"""Stars: the yearly rounds a county announces, and what each application in one came to."""
