"""The sentences of the map's tools, in the language of the page that uses them."""

from __future__ import annotations

from django.utils.translation import gettext as _


def tool_texts() -> dict[str, str]:
    return {**shared(), **measuring(), **coordinates(), **locating(), **printing(), **sharing()}


def shared() -> dict[str, str]:
    return {
        "copy": _("Copy"),
        "copied": _("Copied"),
        "notLoaded": _("A part of this tool did not load. Check the connection and open it again."),
    }


def measuring() -> dict[str, str]:
    return {
        "measureWhat": _("What to measure"),
        "length": _("Length"),
        "area": _("Area"),
        "measureBegin": _("Nothing is measured yet."),
        "measureHint": _(
            "Click or tap the points. By keys: move the map with the arrows, Enter sets a point in its middle, "
            "Backspace takes the last one back."
        ),
        "measureAgain": _("Finished. The next point begins a new measurement."),
        "measureNote": _("Measured in the plane of {name}, as areas in the register are."),
        "undo": _("Undo the last point"),
        "finish": _("Finish"),
        "clear": _("Clear"),
        "metres": _("{value} m"),
        "kilometres": _("{value} km"),
        "running": _("To here: {length}"),
        "lengthIs": _("Length {length}, points: {count}."),
        "lastSide": _("Last side {length}."),
        "areaIs": _("Area {m2} m² · {dka} dka · {ha} ha."),
        "perimeterIs": _("Perimeter {length}."),
        "crossing": _("The outline crosses itself, so it has no area. Take the last point back."),
    }


def coordinates() -> dict[str, str]:
    return {
        "coordinatesHint": _("Point at a place; click, tap or press Enter on the map to hold it."),
        "held": _("Held: {place}"),
        "heldHint": _("This place is held. Another click, tap or Enter holds another."),
        "copyIn": _("Copy the coordinates in {name}"),
        "goTo": _("Go to coordinates"),
        "go": _("Show"),
        "north": _("North"),
        "east": _("East"),
        "system": _("Coordinate system"),
        "notHere": _("This is not in the area of the map. Check the system, and that north comes before east."),
    }


def locating() -> dict[str, str]:
    return {
        "locating": _("Asking your device where it is…"),
        "located": _("You are here, to within {accuracy} m."),
        "locatedFar": _("You are about {distance} km from this zone, so the map stays where it is."),
        "locateDenied": _(
            "Your browser does not let the portal know where you are. Allow it for this site in the browser's settings "
            "and try again."
        ),
        "locateUnknown": _("Your device does not know where it is. Try again outdoors or with location switched on."),
        "locateLate": _("Your device took too long to find where it is. Try again outdoors."),
        "locateInsecure": _("Browsers tell a place only over a secure connection (https)."),
        "locateAgain": _("Try again"),
        "locateNote": _("Your place stays in your browser; the portal does not get it."),
    }


def printing() -> dict[str, str]:
    return {
        "printHint": _("The frame on the map is what the sheet shows. Move the map to place it."),
        "printScale": _("Scale"),
        "printPaper": _("Paper"),
        "printTurn": _("Orientation"),
        "portrait": _("Portrait"),
        "landscape": _("Landscape"),
        "printTitle": _("Title (optional)"),
        "printMake": _("Make the PDF"),
        "printing": _("The sheet is being drawn. This takes a few seconds."),
        "printed": _("Saved: {name}"),
    }


def sharing() -> dict[str, str]:
    return {
        "shareHint": _("Whoever opens this address sees the same place, layers and selection."),
        "address": _("Address of this map"),
        "copyLink": _("Copy the link"),
        "shareVia": _("Share…"),
        "embed": _("Put the map into your site"),
        "embedHint": _("May be shown by: {sites}. Paste this code into the page."),
        "frameSize": _("Size of the frame"),
        "frameCode": _("Code of the frame"),
        "frameTitle": _("Map of the industrial zone"),
        "copyCode": _("Copy the code"),
    }
