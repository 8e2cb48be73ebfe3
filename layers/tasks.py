"""What the job worker does for publishing."""

from procrastinate.contrib.django import app

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.maps.editions import clean, edition, installation
from layers.maps.names import tree
from registries.core.jobs import RETRY


@app.periodic(cron="0 3 * * *")
@app.task(queueing_lock="clear_map_caches", retry=RETRY)
def clear_map_caches(timestamp: int) -> None:
    """Remove the kept map tiles of what is no longer published so; only what the public sees is kept at all."""
    catalogue, place = catalogue_of(reader_of(None)), installation()
    clean({edition(catalogue, entry.layers, place) for entry in tree(catalogue).all()})
