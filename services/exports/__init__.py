"""The one door by which lists leave as files: a reason, a cap, masks, and two people for anything beyond."""
