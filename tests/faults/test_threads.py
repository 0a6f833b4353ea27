"""Many threads, one engine: what each renders is whole, new enough, and its own."""

import json


def test_threads_render_while_others_invalidate(site, tmp_path):
    told = json.loads(site.run("-m", "tests.faults.racing", str(tmp_path), "6"))
    assert told["wrong"] == []
    assert told["renders"] > 100 and told["versions"] > 10
