"""The agency's journal."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class Tag(models.Model):
    name = models.CharField(max_length=40)
    slug = models.SlugField(unique=True)
    hue = models.PositiveSmallIntegerField(help_text="degrees on the colour wheel")
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    title = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts")
    tags = models.ManyToManyField(Tag, related_name="posts")
    excerpt = models.TextField()
    body = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices)
    published_on = models.DateField()
    updated_at = models.DateTimeField()
    reading_minutes = models.PositiveSmallIntegerField()
    likes = models.PositiveIntegerField(default=0)
    featured = models.BooleanField(default=False)

    class Meta:
        ordering = ["-published_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("blog:post", args=[self.slug])


class Comment(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comments")
    text = models.TextField()
    written_at = models.DateTimeField()
    approved = models.BooleanField(default=True)
    likes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.author} on {self.post}"
