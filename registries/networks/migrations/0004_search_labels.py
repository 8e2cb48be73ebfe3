"""Labels of assets are searched by their beginning, among hundreds of thousands, while somebody types."""

from django.db import migrations

TABLES = ("networks_link", "networks_node")
CREATE = "CREATE INDEX {table}_search ON public.{table} (public.search_key(label) text_pattern_ops);"


class Migration(migrations.Migration):
    dependencies = [("networks", "0003_layer_indexes"), ("core", "0005_search_key")]
    operations = [
        migrations.RunSQL(CREATE.format(table=table), reverse_sql=f"DROP INDEX public.{table}_search;")
        for table in TABLES
    ]
