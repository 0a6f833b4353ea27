from django.apps import AppConfig


class ShowcaseConfig(AppConfig):
    name = "sample_site.showcase"
