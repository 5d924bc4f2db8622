"""What the database refuses of external activities and duplicates."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL


class Migration(migrations.Migration):
    dependencies = [("concord", "0006_row_security")]

    operations = [RunSQL("SELECT 1", reverse_sql="SELECT 1")]
