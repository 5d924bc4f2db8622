"""What is done with external activities: importing them, and naming the States they are in."""

from concord.activities.actions.importing import begin, finish, import_activities, store
from concord.activities.actions.naming import answer_name

__all__ = ["answer_name", "begin", "finish", "import_activities", "store"]
