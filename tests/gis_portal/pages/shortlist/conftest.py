from tests.gis_portal.pages.shared_corner import boris, corner, olena, published_corner

__all__ = ["boris", "corner", "olena", "published_corner"]
