"""A database and a Redis of a bench's own, for figures that are taken within one process."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.environment import start_redis

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def own_instance() -> Iterator[None]:
    """Set Django up with an empty database (the one of `DATABASE_URL`, else a new SQLite) and a Redis."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        os.environ["DATA_DIR"] = folder
        os.environ["REDIS_URL"] = f"unix://{folder}/redis.sock"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
        redis = start_redis(Path(folder) / "redis.sock")
        try:
            _set_up()
            yield
        finally:
            redis.terminate()
            redis.wait()


def _set_up() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.test.runner import DiscoverRunner

    # Pages name static files without a collected manifest
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    DiscoverRunner(verbosity=0, interactive=False).setup_databases()
