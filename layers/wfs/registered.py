"""All operations of the service, registered: each module adds its own to `operations.perform`."""

from layers.wfs import descriptions, features, stored
from layers.wfs.operations import perform

__all__ = ["descriptions", "features", "perform", "stored"]
