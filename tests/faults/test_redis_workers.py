"""Workers that were forked from a process that had asked Redis, and go on when it is away."""

from tests.faults.servers import wait_until
from tests.faults.test_redis import keys
from tests.faults.workers import check_pages, snippet


def test_forked_workers_share_plans(project, expected, redis):
    project.environment["DJUST_SAMPLE_CACHE"] = redis.url
    project.write(wsgi=snippet("wsgi.py"))
    with project.gunicorn("--preload", "--workers", "2", "--threads", "2") as served:
        before = keys(redis)
        assert before > 1
        check_pages(served, expected)
        wait_until(lambda: keys(redis) > before)
        redis.stop()
        check_pages(served, expected)
        redis.start()
        check_pages(served, expected)
    assert "multi-threaded" not in served.log.read_text()


def test_a_worker_starts_while_the_server_is_away(project, expected, redis):
    redis.stop()
    project.environment["DJUST_SAMPLE_CACHE"] = redis.url
    project.write(wsgi=snippet("wsgi.py"))
    with project.gunicorn("--workers", "1") as served:
        check_pages(served, expected, rounds=1)
    log = served.log.read_text()
    assert log.count("The plan cache RedisStore of DJUST_CONFIG['JIT_REDIS_URL']") == 1
