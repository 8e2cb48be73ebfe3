"""All operations of the service, registered: each module adds its own to `operations.perform`."""

from layers.wfs import descriptions, features, values
from layers.wfs.operations import perform
from layers.wfs.stored import operations as stored
from layers.wfs.transactions import operations as transactions

__all__ = ["descriptions", "features", "perform", "stored", "transactions", "values"]
