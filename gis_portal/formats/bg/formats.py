"""Bulgarian numbers in groups of three and dates in figures, which Django does not write so."""

THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
DATE_FORMAT = "d.m.Y г."
DATETIME_FORMAT = "d.m.Y г., H:i"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
