"""A library: what an admin with inlines, filters, a date hierarchy and actions needs."""

from django.db import models


class Writer(models.Model):
    name = models.CharField(max_length=50)
    born = models.DateField(null=True, blank=True)
    site = models.CharField(max_length=100, blank=True, help_text="Shown <b>as it is</b>.")

    def __str__(self):
        return self.name


class Genre(models.Model):
    name = models.CharField(max_length=50, unique=True)

    def __str__(self):
        return self.name


class Novel(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        OUT = "out", "Published"

    title = models.CharField(max_length=80)
    writer = models.ForeignKey(Writer, models.CASCADE, related_name="novels")
    genres = models.ManyToManyField(Genre, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    price = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    published = models.DateField()
    updated = models.DateTimeField(null=True, blank=True)
    is_signed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.title


class Chapter(models.Model):
    novel = models.ForeignKey(Novel, models.CASCADE, related_name="chapters")
    title = models.CharField(max_length=80)
    pages = models.PositiveIntegerField(default=1)

    def __str__(self):
        return self.title


class Review(models.Model):
    novel = models.ForeignKey(Novel, models.CASCADE, related_name="reviews")
    text = models.TextField()

    def __str__(self):
        return self.text[:10]
