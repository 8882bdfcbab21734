"""Work in the background. The desktop app runs it beside the server, also while no page is open."""

from django.tasks import task

from .models import Document


@task
def count_words() -> None:
    """Count the words of every document. Each one is saved at once, and the pages follow that."""
    for document in Document.objects.filter(words=None):
        text = b""
        if not document.is_picture:
            with document.file.open("rb") as file:
                text = file.read()
        document.words = len(text.split())
        document.save(update_fields=["words"])
