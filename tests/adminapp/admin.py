"""An admin that uses what the admin's templates can show."""

from django.contrib import admin

from tests.adminapp.models import Chapter, Genre, Novel, Review, Writer


class ChapterInline(admin.TabularInline):
    model = Chapter
    extra = 1


class ReviewInline(admin.StackedInline):
    model = Review
    extra = 1


@admin.register(Novel)
class NovelAdmin(admin.ModelAdmin):
    list_display = ["title", "writer", "status", "price", "published", "is_signed", "shout"]
    list_editable = ["status"]
    list_filter = ["status", "is_signed", "writer"]
    list_per_page = 10
    list_select_related = ["writer"]
    search_fields = ["title", "writer__name"]
    search_help_text = "By title or writer."
    date_hierarchy = "published"
    actions = ["sign"]
    filter_horizontal = ["genres"]
    inlines = [ChapterInline, ReviewInline]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["title", "writer", ("status", "price")]}),
        (
            "More",
            {"fields": ["genres", "published", "updated", "is_signed"], "classes": ["collapse"]},
        ),
    ]

    @admin.display(description="Shouted", ordering="title", empty_value="nothing")
    def shout(self, novel):
        return novel.title.upper()

    @admin.action(description="Sign the novels")
    def sign(self, request, queryset):
        queryset.update(is_signed=True)
        self.message_user(request, "Signed & sealed.")


@admin.register(Writer)
class WriterAdmin(admin.ModelAdmin):
    list_display = ["name", "born"]
    readonly_fields = ["site"]


admin.site.register(Genre)
