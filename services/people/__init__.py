"""People who sign in, their roles with territory and dates, and their sign-ins."""
