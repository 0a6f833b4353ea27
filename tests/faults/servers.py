"""Servers that a test may stop, pause, fill and restart; and one that is none."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path


def free_port():
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


class RedisServer:
    """A Redis on a port of its own, which keeps nothing on disk. Needs the program redis-server."""

    def __init__(self, directory: Path):
        self.program = shutil.which("redis-server")
        assert self.program, "The program redis-server is not installed: see scripts/with-redis."
        self.directory = directory
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None

    def start(self, *options):
        command = [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--appendonly", "no", "--dir", str(self.directory), "--daemonize", "no"]
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
        wait_until(self.answers)

    def answers(self):
        assert self.process.poll() is None, f"redis-server ended with {self.process.returncode}."
        try:
            return self.command("PING") == b"+PONG"
        except ConnectionRefusedError:
            return False

    def command(self, *words):
        """The first line that the server answers."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as opened:
            opened.sendall(encoded(words))
            return opened.makefile("rb").readline().rstrip()

    def stop(self):
        """End it at once, as a machine ends that loses its power."""
        if self.process is not None:
            self.resume()
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def pause(self):
        """Connections stay open, and nothing answers."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def resume(self):
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGCONT)

    def fill(self):
        """Take no more writes: reads go on."""
        assert self.command("CONFIG", "SET", "maxmemory-policy", "noeviction") == b"+OK"
        assert self.command("CONFIG", "SET", "maxmemory", "1") == b"+OK"
        assert self.command("SET", "any", "text").startswith(b"-OOM")


def encoded(words):
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        text = word.encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(text), text))
    return b"".join(parts)


def wait_until(asked, seconds=20.0):
    until = time.monotonic() + seconds
    while not asked():
        assert time.monotonic() < until, f"Not within {seconds} seconds."
        time.sleep(0.02)


@contextmanager
def pretender(answer):
    """The URL of something that takes connections, and answers all the same; nothing for b""."""
    listening = socket.create_server(("127.0.0.1", 0))
    opened = []

    def serve(taken):
        while True:
            try:
                if not taken.recv(65536):
                    return
                taken.sendall(answer)
            except OSError:
                return

    def accept():
        while True:
            try:
                taken, _ = listening.accept()
            except OSError:
                return
            opened.append(taken)
            threading.Thread(target=serve, args=(taken,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for taken in opened:
            taken.close()
