"""Whether a ranking looked at every offer, or at the nearest alone."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("concord", "0012_track_record")]

    operations = [
        ops.AddField(
            model_name="Ranking", name="nearest", field=fields.BooleanField(default=False)
        ),
    ]
