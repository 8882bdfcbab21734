from django.contrib import admin

from .models import Author, Chapter, Work


class ChapterInline(admin.TabularInline):
    model = Chapter
    extra = 1


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    search_fields = ["name"]


@admin.register(Work)
class WorkAdmin(admin.ModelAdmin):
    list_display = ["title", "author"]
    filter_horizontal = ["translators"]
    inlines = [ChapterInline]


@admin.register(Chapter)
class ChapterAdmin(admin.ModelAdmin):
    raw_id_fields = ["work"]
