"""Who people are beyond their log-in."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class Profile(models.Model):
    class Theme(models.TextChoices):
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"
        SYSTEM = "system", "As the system"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)
    avatar = models.FileField(upload_to="avatars")
    job_title = models.CharField(max_length=80)
    bio = models.TextField(blank=True)
    location = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    website = models.URLField(blank=True)
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    newsletter = models.BooleanField(default=False)
    birthday = models.DateField(null=True, blank=True)
    member_since = models.DateField()

    def __str__(self) -> str:
        return f"{self.user.get_full_name()}, {self.job_title}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:profile", args=[self.user.username])
