from djust_engine.jit.usage import ITERATED, PRINTED, TESTED, Usage


def test_a_tree_is_read_as_the_renderer_gives_it():
    tree = {
        "marks": ITERATED,
        "children": {"count": {"marks": PRINTED, "children": {}, "item": None}},
        "item": {"marks": 0, "children": {"title": {"marks": PRINTED}}, "item": None},
    }
    usage = Usage.read(tree)
    assert usage == Usage(ITERATED, {"count": Usage(PRINTED)}, Usage(0, {"title": Usage(PRINTED)}))


def test_paths_are_printed_at_their_ends():
    usage = Usage.of_paths(["author.name", "author.country.code", "title"])
    assert usage.paths() == ["author.country.code", "author.name", "title"]
    assert usage.children["author"].marks == 0
    assert usage.children["author"].children["name"].marks == PRINTED


def test_a_union_reads_what_either_reads():
    first = Usage(TESTED, {"a": Usage(PRINTED)}, Usage.of_paths(["x"]))
    second = Usage(ITERATED, {"a": Usage(TESTED), "b": Usage()}, Usage.of_paths(["y"]))
    union = first.union(second)
    assert union.marks == TESTED | ITERATED
    assert union.children == {"a": Usage(PRINTED | TESTED), "b": Usage()}
    assert union.item == Usage.of_paths(["x", "y"])


def test_covering_is_reading_no_less():
    little, much = Usage.of_paths(["a"]), Usage.of_paths(["a", "b"])
    assert much.covers(little) and little.covers(little)
    assert not little.covers(much)


def test_equal_usages_have_equal_keys():
    one = Usage(0, {"a": Usage(), "b": Usage()})
    other = Usage(0, {"b": Usage(), "a": Usage()})
    assert one.key() == other.key()
    assert one.key() != Usage(0, {"a": Usage()}).key()
