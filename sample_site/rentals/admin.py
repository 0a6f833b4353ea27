from django.contrib import admin

from .models import Lease, MaintenanceRequest, Property, Tenant


class MaintenanceInline(admin.TabularInline):
    model = MaintenanceRequest
    fields = ["title", "priority", "status", "opened_on", "due_on"]
    extra = 0


@admin.register(Property)
class PropertyAdmin(admin.ModelAdmin):
    list_display = ["name", "district", "kind", "rent", "tenant"]
    list_filter = ["district", "kind"]
    search_fields = ["name", "street"]
    raw_id_fields = ["tenant"]
    inlines = [MaintenanceInline]


@admin.register(Tenant)
class TenantAdmin(admin.ModelAdmin):
    list_display = ["preferred_name", "user", "phone", "employer", "since"]
    raw_id_fields = ["user", "guarantor"]


@admin.register(Lease)
class LeaseAdmin(admin.ModelAdmin):
    list_display = ["reference", "property", "tenant", "status", "start_date", "end_date", "rent"]
    list_filter = ["status", "property__district"]
    search_fields = ["reference", "property__name"]
    date_hierarchy = "start_date"
    raw_id_fields = ["property", "tenant"]


@admin.register(MaintenanceRequest)
class MaintenanceRequestAdmin(admin.ModelAdmin):
    list_display = ["title", "property", "priority", "status", "opened_on"]
    list_filter = ["status", "priority"]
