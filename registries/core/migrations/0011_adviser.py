from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0010_publisher")]
    operations = [
        migrations.AlterField(
            model_name="rolegrant",
            name="role",
            field=models.CharField(
                choices=[
                    ("viewer", "viewer"),
                    ("editor", "editor"),
                    ("reviewer", "reviewer"),
                    ("operator", "operator of a network"),
                    ("administrator", "administrator"),
                    ("adviser", "investor adviser"),
                    ("publisher", "publishes own edits directly"),
                ],
                max_length=20,
                verbose_name="role",
            ),
        ),
    ]
