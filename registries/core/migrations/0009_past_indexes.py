"""History is read by registry and place together, and by the kind and network of assets."""

import django.contrib.postgres.indexes
import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0007_audit_chain")]

    operations = [
        migrations.RemoveIndex(model_name="history", name="core_history_geom"),
        migrations.RemoveIndex(model_name="history", name="core_history_geom_3857"),
        migrations.AddIndex(
            model_name="history",
            index=django.contrib.postgres.indexes.GistIndex(fields=["registry", "geom"], name="core_history_geom"),
        ),
        migrations.AddIndex(
            model_name="history",
            index=django.contrib.postgres.indexes.GistIndex(
                fields=["registry", "geom_3857"], name="core_history_geom_3857"
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
