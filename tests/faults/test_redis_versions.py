"""Two versions of the package over one Redis."""

from tests.faults.test_versions import check_both_share, visit

__all__ = ["visit"]


def test_a_server_of_two_versions(visit, redis):
    check_both_share(visit, {"JIT_CACHE_BACKEND": "redis", "JIT_REDIS_URL": redis.url})
