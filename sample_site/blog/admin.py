from django.contrib import admin

from .models import Comment, Post, Tag


class CommentInline(admin.StackedInline):
    model = Comment
    raw_id_fields = ["author"]
    extra = 0


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    list_display = ["title", "author", "status", "published_on", "likes"]
    list_filter = ["status", "tags"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    filter_horizontal = ["tags"]
    raw_id_fields = ["author"]
    inlines = [CommentInline]


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "position"]
