"""Numbers of revisions come from a sequence: unlike a counter, it never gives a rolled-back number out again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE core_revision_number AS bigint", reverse_sql="DROP SEQUENCE core_revision_number"
        )
    ]
