"""wrk, the load generator: an address in, what was answered out."""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

# Prints a line of JSON where wrk would print its table.
_REPORT = """
done = function(summary, latency, requests)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "p99": %f, "errors": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


class NoGenerator(Exception):
    """wrk is not there and cannot be installed."""


@dataclass(frozen=True)
class Driven:
    """What a run of the generator saw; the percentiles are milliseconds."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    errors: int

    @property
    def a_second(self) -> float:
        return self.requests / self.seconds


def install() -> str:
    """The program wrk, which root gets from Debian's packages. Raises NoGenerator."""
    found = shutil.which("wrk")
    if found:
        return found
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise NoGenerator("wrk is not installed: install the package wrk.")
    # Another environment may be installing packages.
    with open("/tmp/djust-packages.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "check": True}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "wrk"]
        subprocess.run(command, stdout=subprocess.DEVNULL, **quiet)
    return shutil.which("wrk") or ""


class Generator:
    """Drives an address from a process of its own until ``result()``."""

    def __init__(self, address: str, seconds: float, connections: int) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as script:
            script.write(_REPORT)
        self._script = script.name
        command = [install(), "--threads", "1", "--connections", str(connections)]
        command += ["--duration", f"{seconds:.0f}s", "--timeout", "30s", "--latency"]
        self._process = subprocess.Popen(
            [*command, "--script", self._script, address], stdout=subprocess.PIPE, text=True
        )

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def result(self) -> Driven:
        """Wait for the end. Raises CalledProcessError, or ValueError where nothing was told."""
        printed, _ = self._process.communicate()
        os.unlink(self._script)
        if self._process.returncode:
            raise subprocess.CalledProcessError(self._process.returncode, "wrk", printed)
        (line,) = [line for line in printed.splitlines() if line.startswith("{")]
        return Driven(**json.loads(line))
