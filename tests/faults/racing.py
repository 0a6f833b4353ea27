"""Run with the sample site's settings: threads render while others pull the rug from under them.

Usage: ``python -m tests.faults.racing DIRECTORY SECONDS``. 32 threads render 50 templates of the
directory, which extend and include others, over rows. Meanwhile, other threads write the templates
anew, reset the loaders, empty the cache of plans and change the setting. Each text must be what
Django makes of a version of the template that stood there while it was rendered. A deadlock ends
with the stacks of all threads.
"""

import faulthandler
import itertools
import json
import os
import random
import sys
import threading
import time
from pathlib import Path

RENDERERS, TEMPLATES = 32, 50
FIELDS = ("reference", "rent", "status", "start_date", "property.name", "property.city",
          "tenant.phone", "tenant.user.last_name", "get_status_display")  # fmt: skip


def source(number, version):
    """A page that reads paths of its own, by way of a parent, an include and a QuerySet."""
    read = random.Random(number).sample(FIELDS, 4)
    cells = "".join(f"<td>{{{{ lease.{path} }}}}</td>" for path in read)
    return (
        f"{{% extends 'race/base.html' %}}{{% block body %}}{version}"
        f"{{% for lease in leases %}}{{% cycle 'a' 'b' %}}{cells}"
        f"{{% include 'race/part.html' with home=lease.property %}}"
        f"{{% ifchanged lease.status %}}!{{% endifchanged %}}{{% endfor %}}{{% endblock %}}"
    )


BASE = "<{% block body %}{% endblock %}>{{ name }}"
PART = "{{ home.name|upper }}{{ home.get_kind_display }}"


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(f".{threading.get_ident()}")
    draft.write_text(text)
    os.replace(draft, path)


class Race:
    """The threads, and what went wrong in them."""

    def __init__(self, directory, seconds):
        self.directory, self.until = directory, time.monotonic() + seconds
        self.wrong, self.renders = [], 0
        self.versions = [0] * TEMPLATES
        self.expected = {}

    def path(self, number):
        return self.directory / "race" / f"{number}.html"

    def leases(self):
        from sample_site.rentals.models import Lease

        return Lease.objects.order_by("pk")[:7]

    def text_of(self, engine, number, name):
        from django.template import engines

        template = engines[engine].get_template(f"race/{number}.html")
        return template.render({"leases": self.leases(), "name": name})

    def expect(self):
        """What Django makes of each template, its version left out."""
        from django.template import engines

        for number in range(TEMPLATES):
            template = engines["oracle"].from_string(source(number, "#"))
            text = template.render({"leases": self.leases(), "name": "#"})
            self.expected[number] = text.removeprefix("<#").removesuffix(">#")

    def is_right(self, text, number, before, after, name):
        """Whether it is a version that stood there between two moments."""
        version, body = text[1 : text.index("|")], text[text.index("|") + 1 :]
        return before <= int(version) <= after and body == f"{self.expected[number]}>{name}"

    def render(self, seed):
        chosen = random.Random(seed)
        for count in itertools.count():
            if time.monotonic() > self.until:
                break
            number, name = chosen.randrange(TEMPLATES), f"{seed}-{count}"
            text, after = self.text_of("django", number, name), self.versions[number] + 1
            if not self.is_right(text, number, 0, after, name):
                self.wrong.append(text[:200])
            self.renders += 1

    def rewrite(self, seed):
        """New versions: what is on the disk is never older than what is noted."""
        chosen = random.Random(seed)
        while time.monotonic() < self.until:
            number = chosen.randrange(TEMPLATES)
            write(self.path(number), source(number, f"{self.versions[number] + 1}|"))
            self.versions[number] += 1
            time.sleep(0.002)

    def reset_loaders(self, seed):
        from django.template.autoreload import reset_loaders

        while time.monotonic() < self.until:
            reset_loaders()
            time.sleep(0.01)

    def forget_plans(self, seed):
        from djust_engine.jit.cache import get_cache

        while time.monotonic() < self.until:
            get_cache().invalidate()
            time.sleep(0.005)

    def change_settings(self, seed):
        from django.conf import settings
        from django.core.signals import setting_changed

        store = {"JIT_CACHE_BACKEND": "filesystem", "JIT_CACHE_DIR": str(self.directory / "plans")}
        for config in itertools.cycle([{}, store, {"JIT_SERIALIZATION": False}]):
            if time.monotonic() > self.until:
                break
            settings.DJUST_CONFIG = config
            setting_changed.send(None, setting="DJUST_CONFIG", value=config, enter=True)
            time.sleep(0.03)

    def run(self):
        others = (self.rewrite, self.reset_loaders, self.forget_plans, self.change_settings)
        work = [(self.render, seed) for seed in range(RENDERERS)]
        work += [(other, seed) for seed, other in enumerate(others)]
        threads = [threading.Thread(target=self.guarded, args=one) for one in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def guarded(self, work, seed):
        from django.db import connection

        try:
            work(seed)
        except Exception as error:  # told in the answer, whatever it is
            self.wrong.append(f"{work.__name__}: {type(error).__name__}: {error}")
        finally:
            connection.close()

    def last_versions(self):
        """After the last change, each page is the last version of its template."""
        from django.template.autoreload import reset_loaders

        reset_loaders()
        for number, version in enumerate(self.versions):
            text = self.text_of("django", number, "end")
            if not self.is_right(text, number, version, version, "end"):
                self.wrong.append(f"not version {version}: {text[:200]}")


def main(directory, seconds):
    faulthandler.dump_traceback_later(seconds + 120, exit=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sample_site.settings"
    import django
    from django.conf import settings

    for engine in settings.TEMPLATES:
        engine["DIRS"] = [directory, *engine["DIRS"]]
    django.setup()
    race = Race(directory, seconds)
    write(directory / "race" / "base.html", BASE)
    write(directory / "race" / "part.html", PART)
    race.expect()
    for number in range(TEMPLATES):
        write(race.path(number), source(number, "0|"))
    race.until = time.monotonic() + seconds
    race.run()
    race.last_versions()
    told = {"renders": race.renders, "versions": sum(race.versions), "wrong": race.wrong[:10]}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
