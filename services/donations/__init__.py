"""What donors and resident units give: the offers beside their cases, and what may be said in a posting."""
