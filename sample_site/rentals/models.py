"""Houses, the people who live in them, and what is agreed and broken there."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class Tenant(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)
    preferred_name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30)
    emergency_contact = models.CharField(max_length=80, blank=True)
    employer = models.CharField(max_length=80, blank=True)
    income = models.PositiveIntegerField(help_text="a year")
    guarantor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="guarantees"
    )
    since = models.DateField()
    notes = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.preferred_name} ({self.user.email})"


class Property(models.Model):
    class District(models.TextChoices):
        HARBOUR = "harbour", "Harbour"
        OLD_TOWN = "old-town", "Old Town"
        RIVERSIDE = "riverside", "Riverside"
        HILL = "hill", "Castle Hill"

    class Kind(models.TextChoices):
        FLAT = "flat", "Flat"
        HOUSE = "house", "House"
        STUDIO = "studio", "Studio"
        LOFT = "loft", "Loft"

    name = models.CharField(max_length=80)
    street = models.CharField(max_length=80)
    postcode = models.CharField(max_length=12)
    city = models.CharField(max_length=60)
    district = models.CharField(max_length=10, choices=District.choices, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    bedrooms = models.PositiveSmallIntegerField()
    bathrooms = models.PositiveSmallIntegerField()
    area = models.PositiveSmallIntegerField(help_text="square metres")
    rent = models.DecimalField(max_digits=8, decimal_places=2, help_text="a month")
    built = models.PositiveSmallIntegerField()
    energy_class = models.CharField(max_length=1)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="manages"
    )
    tenant = models.OneToOneField(
        Tenant, models.SET_NULL, null=True, blank=True, related_name="home"
    )
    listed_on = models.DateField()
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "properties"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("rentals:property", args=[self.pk])


class Lease(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        ENDED = "ended", "Ended"

    reference = models.CharField(max_length=20, unique=True)
    property = models.ForeignKey(Property, models.CASCADE, related_name="leases")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="leases")
    status = models.CharField(max_length=10, choices=Status.choices, db_index=True)
    start_date = models.DateField()
    end_date = models.DateField()
    signed_on = models.DateField(null=True, blank=True)
    rent = models.DecimalField(max_digits=8, decimal_places=2, help_text="a month")
    deposit = models.DecimalField(max_digits=8, decimal_places=2)
    payment_day = models.PositiveSmallIntegerField(default=1)
    auto_renew = models.BooleanField(default=False)
    pets = models.BooleanField(default=False)
    parking = models.BooleanField(default=False)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["-start_date", "reference"]

    def __str__(self) -> str:
        return f"{self.reference}: {self.property}"

    def get_absolute_url(self) -> str:
        return reverse("rentals:lease", args=[self.pk])


class MaintenanceRequest(models.Model):
    class Priority(models.IntegerChoices):
        URGENT = 1, "Urgent"
        SOON = 2, "Soon"
        ROUTINE = 3, "Routine"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        SCHEDULED = "scheduled", "Scheduled"
        DONE = "done", "Done"

    property = models.ForeignKey(Property, models.CASCADE, related_name="maintenance_requests")
    reported_by = models.ForeignKey(Tenant, models.SET_NULL, null=True, blank=True)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices)
    status = models.CharField(max_length=10, choices=Status.choices)
    estimate = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    contractor = models.CharField(max_length=80, blank=True)
    opened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["priority", "opened_on", "pk"]

    def __str__(self) -> str:
        return self.title
