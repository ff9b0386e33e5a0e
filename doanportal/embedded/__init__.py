"""PostgreSQL and Redis for demo and tests on a machine that offers no service of its own.

Both live under var/, listen on a unix socket only, and are shared by every process that uses the same var/.
"""

from pathlib import Path

from doanportal.embedded.machine import EmbeddedError, private_file
from doanportal.embedded.postgres import ensure_postgres, stop_postgres
from doanportal.embedded.redis import broker_url, ensure_redis, redis_url, stop_redis

__all__ = [
    "EmbeddedError",
    "broker_url",
    "ensure_postgres",
    "ensure_redis",
    "private_file",
    "redis_url",
    "stop_all",
]


def stop_all(var_dir: Path) -> None:
    """Stop what runs under `var_dir`; does nothing to services named by the environment."""
    var_dir = Path(var_dir).resolve()
    stop_redis(var_dir)
    stop_postgres(var_dir)
