"""The cache that all processes share, in Redis."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)


def _or(answer: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Let a method of the cache answer so where Redis does not."""
    method: Callable[..., Any] = getattr(RedisCache, name)

    def tried(self: RedisCache, *args: Any, **options: Any) -> Any:
        try:
            return method(self, *args, **options)
        except RedisError as error:
            logger.warning("The cache does not answer: %s", type(error).__name__)
            return answer(*args, **options)

    return tried


class ForgivingRedisCache(RedisCache):
    """A cache that seems empty while Redis is away: limits counted in it then limit nothing, and keep no one out."""

    add = _or(lambda *_args, **_options: True, "add")
    get = _or(lambda _key, default=None, **_options: default, "get")
    set = _or(lambda *_args, **_options: None, "set")
    delete = _or(lambda *_args, **_options: False, "delete")
    incr = _or(lambda *_args, **_options: 0, "incr")
