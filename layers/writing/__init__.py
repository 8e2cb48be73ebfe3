"""From a feature as a client writes it to edits at the one door: the way of WFS-T and of OGC API – Features alike."""

from layers.writing.performing import perform
from layers.writing.wishes import Action, Done, Wish

__all__ = ["Action", "Done", "Wish", "perform"]
