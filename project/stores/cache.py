"""The cache that all processes share, in Redis."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)


def _or(fallback: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return a method of the cache that falls back to this if Redis doesn't answer."""
    method: Callable[..., Any] = getattr(RedisCache, name)

    def attempt(self: RedisCache, *args: Any, **options: Any) -> Any:
        try:
            return method(self, *args, **options)
        except RedisError as error:
            logger.warning("The cache doesn't answer: %s", type(error).__name__)
            return fallback(*args, **options)

    return attempt


class ForgivingRedisCache(RedisCache):
    """A cache that is empty while Redis is unavailable: limits counted in it fail open, and lock no one out."""

    add = _or(lambda *_args, **_options: True, "add")
    get = _or(lambda _key, default=None, **_options: default, "get")
    set = _or(lambda *_args, **_options: None, "set")
    delete = _or(lambda *_args, **_options: False, "delete")
    incr = _or(lambda *_args, **_options: 0, "incr")
