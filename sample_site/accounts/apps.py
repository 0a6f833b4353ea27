from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sample_site.accounts"
