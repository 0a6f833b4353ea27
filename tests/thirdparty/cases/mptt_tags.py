"""django-mptt: a node that renders one nodelist again and again, inside itself."""

from tests.thirdparty.models import Genre

LOAD = "{% load mptt_tags %}"


def genres():
    if not Genre.objects.exists():
        for root in ("Art", "Bio <"):
            parent = Genre.objects.create(name=root)
            for at in range(3):
                child = Genre.objects.create(name=f"{root} {at}", parent=parent)
                Genre.objects.create(name=f"{root} {at} x", parent=child)
    return Genre.objects.all()


CASES = {
    "recursetree": (
        LOAD + "<ul>{% recursetree genres %}<li{% if node.is_leaf_node %} class=leaf{% endif %}>"
        "{{ node.name }}{% if not node.is_leaf_node %}<ul>{{ children }}</ul>{% endif %}</li>"
        "{% endrecursetree %}</ul>",
        lambda request: {"genres": genres()},
    ),
    "tree_info": (
        LOAD + "{% for node, structure in genres|tree_info:'ancestors' %}"
        "{% if structure.new_level %}<ul><li>{% else %}</li><li>{% endif %}{{ node }}"
        "{{ structure.ancestors|join:'/' }}"
        "{% for level in structure.closed_levels %}</li></ul>{% endfor %}{% endfor %}",
        lambda request: {"genres": genres()},
    ),
    "a tree of a node": (
        LOAD + "{% drilldown_tree_for_node node as tree %}{% for one in tree %}{{ one }},"
        "{% endfor %}{% full_tree_for_model thirdparty.Genre as all %}{{ all|length }}"
        "{% recursetree all|cache_tree_children %}{{ node }}{{ children }}{% endrecursetree %}",
        lambda request: {"node": genres().first()},
    ),
}
