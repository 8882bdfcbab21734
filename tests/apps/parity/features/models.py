from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=200)

    def __str__(self):
        return self.name


class Work(models.Model):
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, models.PROTECT)
    translators = models.ManyToManyField(Author, related_name="translated", blank=True)
    cover = models.ImageField(upload_to="covers/", blank=True)
    manuscript = models.FileField(upload_to="manuscripts/", blank=True)

    def __str__(self):
        return self.title


class Chapter(models.Model):
    work = models.ForeignKey(Work, models.CASCADE)
    title = models.CharField(max_length=200)

    def __str__(self):
        return self.title
