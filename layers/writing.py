"""From a feature as a client writes it to edits at the one door: the way of WFS-T and of OGC API – Features alike."""

from __future__ import annotations
