"""django-widget-tweaks: filters that wrap methods of fields; a tag that parses its arguments."""

from tests.thirdparty.forms import OrderForm, bound_form

LOAD = "{% load widget_tweaks %}"

CASES = {
    "filters in a chain": (
        LOAD + "{{ form.name|attr:'placeholder:a<b'|add_class:'x y'|append_attr:'class:z' }}"
        "{{ form.email|set_data:'k:v'|add_label_class:'l' }}{{ form.name|field_type }}"
        "{{ form.size|widget_type }}{{ form.amount|remove_attr:'min' }}",
        lambda request: {"form": OrderForm()},
    ),
    "errors": (
        LOAD + "{% for field in form %}{{ field|add_error_class:'bad'|add_required_class:'must' }}"
        "{{ field|add_error_attr:'aria-invalid:true' }}{% endfor %}",
        lambda request: {"form": bound_form()},
    ),
    "render_field": (
        LOAD + "{% with WIDGET_ERROR_CLASS='e' %}{% for field in form.visible_fields %}"
        "{% render_field field class+='more' data-at=forloop.counter title=field.label %}"
        "{% endfor %}{% endwith %}",
        lambda request: {"form": bound_form()},
    ),
    "radio buttons": (
        LOAD + "{% for radio in form.size %}{{ radio|add_class:'r' }}{% endfor %}",
        lambda request: {"form": OrderForm()},
    ),
}
