"""One page for each feature that Django developers take for granted, in ordinary code."""

import csv
import time

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render

from . import pdf
from .models import Author, Work


class WorkForm(forms.ModelForm):
    class Meta:
        model = Work
        fields = ["title", "author", "cover", "manuscript"]


def home(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return render(request, "features/home.html", {"works": Work.objects.all()})


def upload(request):
    form = WorkForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        work = form.save()
        messages.success(request, f"Saved {work.title}")
        return redirect("features:home")
    return render(request, "features/upload.html", {"form": form})


@login_required
def members(request):
    return HttpResponse(f"Hello {request.user.get_username()}", content_type="text/plain")


def works_csv(request):
    response = HttpResponse(content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="works.csv"'
    writer = csv.writer(response)
    writer.writerow(["title", "author"])
    writer.writerows(Work.objects.values_list("title", "author__name"))
    return response


def works_pdf(request):
    response = HttpResponse(pdf.page("Works"), content_type="application/pdf")
    if "save" in request.GET:
        response["Content-Disposition"] = 'attachment; filename="works.pdf"'
    return response


def page(request, name):
    return render(request, f"features/{name}.html", {"authors": Author.objects.all()})


def stream(request):
    def lines():
        for number in range(5):
            yield f"<p>line {number}</p>\n"
            time.sleep(0.1)

    return StreamingHttpResponse(lines())


def events(request):
    def ticks():
        for number in range(3):
            yield f"data: {number}\n\n"
            time.sleep(0.1)

    return StreamingHttpResponse(ticks(), content_type="text/event-stream")


def slow(request, seconds):
    time.sleep(seconds)
    return HttpResponse(f"<h1>After {seconds} s</h1>")
