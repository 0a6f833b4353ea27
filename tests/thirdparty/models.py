"""What the tables, filters and trees are about."""

import os

from django.db import models
from django.urls import reverse


class Author(models.Model):
    name = models.CharField(max_length=50)

    def __str__(self):
        return self.name


class Book(models.Model):
    title = models.CharField(max_length=50)
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")
    price = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    printed = models.DateField(null=True)
    sold_out = models.BooleanField(default=False)

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("book", args=[self.pk])


if os.environ.get("THIRDPARTY_GROUP") == "guests":
    from mptt.models import MPTTModel, TreeForeignKey

    class Genre(MPTTModel):
        name = models.CharField(max_length=50)
        parent = TreeForeignKey("self", models.CASCADE, null=True, related_name="children")

        def __str__(self):
            return self.name
