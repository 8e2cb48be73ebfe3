"""The nearest line of one network is looked up for each plot and network, among hundreds of thousands of lines."""

from django.db import migrations

CREATE = """
CREATE INDEX serviceability_nearest_line ON public.networks_link USING gist (network_id, geom)
    WHERE status = 'functional';
"""
DROP = "DROP INDEX public.serviceability_nearest_line;"


class Migration(migrations.Migration):
    dependencies = [("serviceability", "0001_nearest"), ("networks", "0005_standard_properties"), ("core", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, reverse_sql=DROP)]
