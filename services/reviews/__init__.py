"""复核: which decisions may be complained about and what follows, who sits, who voted how."""
