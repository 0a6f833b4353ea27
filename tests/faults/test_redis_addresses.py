"""Every kind of address with a real server: a socket, TLS, a cluster, sentinels, Valkey's names."""

import shutil
import subprocess
from contextlib import contextmanager

import pytest

from djust_engine.jit.caching.servers import RedisStore
from djust_engine.jit.caching.store import StoreError
from tests.faults.servers import RedisServer, wait_until

TIMEOUT = 5


@contextmanager
def running(directory, *options):
    directory.mkdir(exist_ok=True)
    server = RedisServer(directory)
    server.start(*options)
    try:
        yield server
    finally:
        server.stop()


def keeps(url):
    """Whether a store at the address does all that the cache asks of one."""
    store = RedisStore(url, 3, timeout=TIMEOUT)
    store.set("key", b"text")
    assert store.get("key") == b"text"
    assert store.add("key", 60) and not store.add("key", 60)
    store.delete("key")
    assert store.get("key") is None
    store.set("other", b"text")
    store.clear()
    assert store.get("other") is None
    return True


def test_one_server_by_its_names(redis):
    assert keeps(redis.url)
    assert keeps(redis.url.replace("redis://", "valkey://"))


def test_what_others_keep_there_stays(redis):
    assert redis.command("SET", "theirs", "text") == b"+OK"
    assert keeps(redis.url)
    assert redis.command("GET", "theirs") == b"$4"


def test_a_socket(tmp_path):
    path = tmp_path / "s"
    with running(tmp_path / "server", "--unixsocket", str(path)):
        assert keeps(f"unix://{path}?db=1")


@pytest.fixture
def certificate(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("a certificate is made by the program openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        + ["-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext"]
        + ["subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    return key, certificate


def test_tls(tmp_path, certificate, unused_port):
    key, file = map(str, certificate)
    options = ["--tls-port", str(unused_port), "--tls-cert-file", file, "--tls-key-file", key]
    with running(
        tmp_path / "server", *options, "--tls-ca-cert-file", file, "--tls-auth-clients", "no"
    ):
        address = f"rediss://localhost:{unused_port}/0"
        assert keeps(f"{address}?ssl_ca_certs={file}")
        with pytest.raises(StoreError, match="CERTIFICATE_VERIFY_FAILED|certificate verify failed"):
            RedisStore(address, timeout=TIMEOUT).get("key")


@pytest.fixture
def unused_port():
    from tests.faults.servers import free_port

    return free_port()


def test_a_cluster(tmp_path):
    with running(tmp_path / "server", "--cluster-enabled", "yes") as server:
        assert server.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383") == b"+OK"
        wait_until(lambda: server.command("SET", "any", "text") == b"+OK")
        assert keeps(server.url.replace("redis://", "redis+cluster://").removesuffix("/0"))


def test_sentinels(tmp_path):
    with running(tmp_path / "server") as server:
        conf = tmp_path / "sentinel.conf"
        conf.write_text(f"sentinel monitor plans 127.0.0.1 {server.port} 1\n")
        sentinel = RedisServer(tmp_path)
        sentinel.process = subprocess.Popen(
            [sentinel.program, str(conf), "--sentinel", "--port", str(sentinel.port)],
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_until(sentinel.answers)
            hosts = f"127.0.0.1:1,127.0.0.1:{sentinel.port}"
            assert keeps(f"redis+sentinel://{hosts}/plans/0")
            with pytest.raises(StoreError, match="MasterNotFoundError"):
                RedisStore(f"redis+sentinel://{hosts}/others/0", timeout=TIMEOUT).get("key")
        finally:
            sentinel.stop()


def test_no_cluster_and_no_sentinels_is_an_error_of_the_store(unused_port):
    for kind in ("cluster", "sentinel"):
        store = RedisStore(f"redis+{kind}://127.0.0.1:{unused_port}", timeout=TIMEOUT)
        with pytest.raises(StoreError):
            store.get("key")
        with pytest.raises(StoreError):
            store.clear()
