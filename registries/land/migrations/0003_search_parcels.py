"""Parcels are searched by any part of their number or address, among tens of thousands, while somebody types."""

from django.db import migrations

CREATE = """
CREATE INDEX land_parcel_search_number ON public.land_parcel
    USING gin (public.search_key(national_cadastral_reference) gin_trgm_ops);
CREATE INDEX land_parcel_search_address ON public.land_parcel USING gin (address gin_trgm_ops);
"""
DROP = """
DROP INDEX public.land_parcel_search_number;
DROP INDEX public.land_parcel_search_address;
"""


class Migration(migrations.Migration):
    dependencies = [("land", "0002_tile_indexes"), ("core", "0005_search_key")]
    operations = [migrations.RunSQL(CREATE, reverse_sql=DROP)]
