from django.contrib import admin

from people.models import Customer, Mechanic


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "phone"]
    search_fields = ["name", "email"]


admin.site.register(Mechanic)
