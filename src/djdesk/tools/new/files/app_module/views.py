from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST
from django.views.generic import CreateView, ListView, UpdateView
from djdesk.desktop.live import event_stream

from .models import Document
from .tasks import count_words


class DocumentList(LoginRequiredMixin, ListView):
    model = Document


class DocumentForm(LoginRequiredMixin, SuccessMessageMixin):
    model = Document
    fields = ["title", "file", "notes"]
    success_url = reverse_lazy("documents")
    success_message = "“%(title)s” is saved."


class DocumentCreate(DocumentForm, CreateView):
    pass


class DocumentUpdate(DocumentForm, UpdateView):
    pass


@login_required
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    Document.objects.update(words=None)
    count_words.enqueue()
    return redirect("documents")


@login_required
def progress(request: HttpRequest) -> HttpResponse:
    """An event stream: the word count of each document as soon as it is known."""

    def changes(before):
        words = dict(Document.objects.values_list("pk", "words"))
        return words, [("words", words)] if words != before else []

    return event_stream(request, changes)
