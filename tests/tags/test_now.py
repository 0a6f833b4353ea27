"""`{% now %}`."""

from datetime import datetime
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.template import defaulttags
from django.test import override_settings
from django.utils import timezone, translation

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    '{% now "Y-m-d H" %}',
    "{% now 'D d M Y' %}",
    '{% now "DATE_FORMAT" %}',
    '{% now "SHORT_DATE_FORMAT" %}',
    '{% now "j \\"n\\" Y" %}',
    "{% now 'j \\'n\\' Y' %}",
    '{% now "" %}',
    '{% now "T e O" %}',
    '{% now "<Y&>" %}',
    '{% now "Y" as year %}[{{ year }}]',
    '{% with a=1 %}{% now "Y" as a %}{{ a }}{% endwith %}{{ a }}',
    '{% now "jS F Y" %}{% now "H:i" as at %}{% if at %}at{% endif %}',
    "{% now 5 %}{% now Y-m %}",
    '{% for i in "ab" %}{% now "Y" as y %}{{ y }}{% endfor %}{{ y }}',
]


class Clock(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz=None):
        return datetime(2024, 7, 4, 22, 30, 15, tzinfo=ZoneInfo("UTC")).astimezone(tz)


@pytest.fixture(autouse=True)
def clock():
    with mock.patch.object(defaulttags, "datetime", Clock):
        yield


@pytest.mark.parametrize("source", SOURCES)
def test_now(source):
    assert_same(source)


def test_languages_and_zones():
    for language in ("en", "de", "fr"):
        with translation.override(language):
            assert_same('{% now "DATE_FORMAT" %}{% now "l F" %}')
    with timezone.override("Asia/Tokyo"):
        assert_same('{% now "c" %}')
    with override_settings(USE_TZ=False):
        assert_same('{% now "Y" %}')


@pytest.mark.parametrize("source", ["{% now %}", "{% now 'Y' 'm' %}", "{% now 'Y' as %}"])
def test_malformed(source):
    assert_same_error(source)
