"""History is read by registry together with place or object, and by the kind and network of assets."""

import django.db.models.fields.json
from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0007_audit_chain")]

    operations = [
        migrations.RemoveIndex(model_name="history", name="core_history_period"),
        migrations.RemoveIndex(model_name="history", name="core_history_geom"),
        migrations.RemoveIndex(model_name="history", name="core_history_geom_3857"),
        migrations.AddIndex(
            model_name="history",
            index=GistIndex(fields=["registry", "object_id", "period"], name="core_history_moment"),
        ),
        migrations.AddIndex(
            model_name="history",
            index=GistIndex(
                fields=["registry", "geom"], condition=models.Q(geom__isnull=False), name="core_history_geom"
            ),
        ),
        migrations.AddIndex(
            model_name="history",
            index=GistIndex(
                fields=["registry", "geom_3857"],
                condition=models.Q(geom_3857__isnull=False),
                name="core_history_geom_3857",
            ),
        ),
        migrations.AddIndex(
            model_name="history",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("asset_type_id", "row"),
                django.db.models.fields.json.KeyTextTransform("network_id", "row"),
                condition=models.Q(row__has_key="asset_type_id"),
                name="core_history_holder",
            ),
        ),
    ]
