"""What the database refuses of deliveries."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL


class Migration(migrations.Migration):
    dependencies = [("concord", "0003_life")]

    operations = [RunSQL("SELECT 1", reverse_sql="SELECT 1")]
