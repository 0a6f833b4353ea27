"""`compile_jit_cache` and `JIT_CACHE_URL`: plans made at build time are found when pages run."""

import json
import logging
import shutil
import ssl
import subprocess
import threading
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler

import pytest
from django.test import override_settings

from djust_engine.decisions import collect
from djust_engine.jit.cache import SerializerCache
from djust_engine.jit.caching.bundles import Bundle, BundleError, read_bundle, write_bundle
from djust_engine.jit.caching.store import Gathered
from djust_engine.jit.plan import Untouched
from tests.product.test_warmup import warm
from tests.sample_site.conftest import site

__all__ = ["site", "warm"]

MODES = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "sample_site.settings"
import django; django.setup()
from django.test import Client
from djust_engine.decisions import collect
with collect() as made:
    pages = [Client(SERVER_NAME="localhost").get(path).content for path in sys.argv[1:]]
print(json.dumps([one.mode for one in made if one.kind == "cache"]))
"""
PLAN = Untouched("jitapp.Tag", ("why",))


@pytest.fixture
def command(warm, tmp_path):
    """Compiles a bundle, and says what becomes of the plans of pages with it."""
    bundle = tmp_path / "plans.json"

    def compile(*arguments, status=0):
        return warm(
            *("sample_site/manage.py", "compile_jit_cache", "--output", str(bundle), *arguments),
            status=status,
        )

    compile.bundle = bundle
    compile.modes = lambda *paths: json.loads(warm("-c", MODES, *paths, plans=bundle.as_uri()))
    return compile


def test_templates_alone_give_the_plans_of_generic_views(command):
    assert "1 of them from templates alone" in command()
    assert command.modes("/leases/") == ["hit"]


def test_pages_give_the_plans_that_they_ask_for(command):
    printed = command("rentals/dashboard.html", "--page", "/", "--view", "blog:posts")
    assert " plans, " in printed
    assert set(command.modes("/", "/blog/")) == {"hit"}


def test_a_variable_may_be_given(command):
    command("rentals/dashboard.html", "--var", "expiring_leases=rentals.Lease")
    (entry,) = json.loads(command.bundle.read_text())["entries"]
    assert entry["plan"]["model"] == "rentals.Lease"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.html"], "No template is named 'nowhere.html'."),
        (["--var", "leases=rentals.Leese"], "Did you mean rentals.Lease?"),
        (["--output", "/nowhere/plans.json"], "--output /nowhere/plans.json:"),
        (["--page", "/leases/999999/"], "/leases/999999/ failed: 404"),
    ],
)
def test_what_cannot_be_done_is_said(command, arguments, told):
    assert told in command(*arguments, status=1)


def a_bundle(path, keys=("key",), **options):
    gathered = Gathered()
    cache = SerializerCache(store=gathered, timeout=60, **options)
    for key in keys:
        cache.set(key, PLAN)
    path.write_bytes(write_bundle(gathered.texts.values()))
    return path.as_uri()


def test_a_bad_entry_is_a_miss_and_the_others_are_taken(tmp_path):
    path = tmp_path / "plans.json"
    a_bundle(path, ("good", "bad"))
    document = json.loads(path.read_text())
    document["entries"][0]["plan"]["model"] = "jitapp.Nothing"
    document["entries"] += [5, {"key": ["a"]}, {"no": "key"}]
    path.write_text(json.dumps(document))
    cache = SerializerCache(bundle=path.as_uri())
    with collect() as made:
        assert (cache.get("bad"), cache.get("good")) == (None, PLAN)
    assert [one.mode for one in made] == ["rejected"]
    assert cache.stats().rejected == 1


def test_a_bundle_may_have_to_be_signed(tmp_path):
    unsigned = a_bundle(tmp_path / "unsigned.json")
    assert SerializerCache(bundle=unsigned).get("key") == PLAN
    assert SerializerCache(bundle=unsigned, signed=True).get("key") is None
    signed = a_bundle(tmp_path / "signed.json", signed=True)
    assert SerializerCache(bundle=signed, signed=True).get("key") == PLAN
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["tests"]):
        assert SerializerCache(bundle=signed, signed=True).get("key") == PLAN
    with override_settings(SECRET_KEY="new"):
        assert SerializerCache(bundle=signed, signed=True).get("key") is None


BROKEN = [
    b"",
    b"\x80",
    b"5",
    b"{}",
    b'{"format": "djust_engine plans", "version": 99}',
    b"[" * 90000,
]


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_bundle_is_one_line_and_no_plans(tmp_path, text, caplog):
    path = tmp_path / "plans.json"
    path.write_bytes(text)
    with pytest.raises(BundleError):
        read_bundle(text)
    with caplog.at_level(logging.WARNING, "djust.jit"):
        cache = SerializerCache(bundle=path.as_uri())
        assert cache.get("key") is None
    (line,) = caplog.messages
    assert f"The bundle of plans {path.as_uri()} of DJUST_CONFIG['JIT_CACHE_URL']" in line


def test_a_bundle_that_is_not_there_is_one_line(tmp_path, caplog):
    assert Bundle((tmp_path / "plans.json").as_uri()).get("key") is None
    (line,) = caplog.messages
    assert "FileNotFoundError" in line


@pytest.fixture
def https(tmp_path, monkeypatch):
    """The address of a server that gives the files of a directory."""
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
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    monkeypatch.setattr(SimpleHTTPRequestHandler, "log_message", lambda *arguments: None)
    server = HTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_bundle_is_fetched_over_https(https, tmp_path):
    a_bundle(tmp_path / "plans.json")
    bundle = Bundle(f"{https}/plans.json", patience=10)
    assert bundle.get("key") is not None
    assert SerializerCache(bundle=f"{https}/plans.json", timeout=10).get("key") == PLAN


def test_a_server_without_the_bundle_is_one_line(https, caplog):
    secret = https.replace("https://", "https://user:secret@")
    bundle = Bundle(f"{secret}/nothing.json?token=secret", patience=10)
    assert bundle.get("key") is None
    (line,) = [one for one in caplog.messages if "bundle" in one]
    assert "/nothing.json of DJUST_CONFIG['JIT_CACHE_URL'] cannot be read" in line
    assert "secret" not in line
