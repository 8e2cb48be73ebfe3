"""Whether the renderer works at all, for the portal's readiness. Importing this module needs Mapnik."""

import mapnik


def draws() -> bool:
    """Mapnik draws one pixel in the colour asked for."""
    picture, page = mapnik.Image(1, 1), mapnik.Map(1, 1)
    page.background = mapnik.Color("rgb(1,2,3)")
    mapnik.render(page, picture)
    return bool(picture.to_string()[:3] == bytes((1, 2, 3)))
