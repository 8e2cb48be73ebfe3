"""One file that holds the whole portal, database and media, and the way back from it."""
