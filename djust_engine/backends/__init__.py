"""Template backends, laid out as in `django.template.backends`."""
