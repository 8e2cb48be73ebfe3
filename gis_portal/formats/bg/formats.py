"""Bulgarian numbers in groups of three; Django leaves areas and prices in one long row."""

THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
