from django.apps import AppConfig


class RentalsConfig(AppConfig):
    name = "sample_site.rentals"
