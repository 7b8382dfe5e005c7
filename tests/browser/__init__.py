"""The console in a real browser: journeys of each persona, keyboards, telephones, accessibility, pictures."""
