"""The RQ worker."""

from rq import Worker


class AppWorker(Worker):
    """Replaced by the supervisor's slice."""
