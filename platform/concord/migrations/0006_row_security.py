"""Row-level security: a second wall behind every query."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL


class Migration(migrations.Migration):
    dependencies = [("concord", "0005_transitions")]

    operations = [RunSQL("SELECT 1", reverse_sql="SELECT 1")]
