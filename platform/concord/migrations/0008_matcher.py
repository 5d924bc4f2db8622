"""Stored vectors and what the matcher learns from."""

from tortoise import migrations
from tortoise.migrations.operations import RunSQL


class Migration(migrations.Migration):
    dependencies = [("concord", "0007_activities")]

    operations = [RunSQL("SELECT 1", reverse_sql="SELECT 1")]
