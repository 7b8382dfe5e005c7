"""Pages that administrators write themselves: what they may hold, and how they are filled without trusting them."""
