"""What can be done to many recordings, a module a verb."""

from transcripts.services.bulk.verbs import assign, delete, move, retranscribe, tags
from transcripts.services.bulk.verbs.base import RESTORED, Change, Verb

VERBS: dict[str, Verb] = {
    "move": move.Move(),
    "tag": tags.Add(),
    "untag": tags.Remove(),
    "assign": assign.Assign(),
    "retranscribe": retranscribe.Retranscribe(),
    "delete": delete.Delete(),
}

__all__ = ["RESTORED", "VERBS", "Change", "Verb"]
