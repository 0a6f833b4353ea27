from django.contrib import admin

from .models import Profile


@admin.register(Profile)
class ProfileAdmin(admin.ModelAdmin):
    list_display = ["user", "job_title", "location", "member_since", "newsletter"]
    list_filter = ["theme", "newsletter"]
    search_fields = ["user__username", "job_title"]
