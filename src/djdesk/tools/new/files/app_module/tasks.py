"""Background work. The desktop app runs it beside the server, even while no page is open."""

from django.tasks import task

from .models import Document


@task
def count_words() -> None:
    """Count the words of every document. Each result is saved at once, so that open
    pages show it.
    """
    for document in Document.objects.filter(words=None):
        text = b""
        if not document.is_picture:
            with document.file.open("rb") as file:
                text = file.read()
        document.words = len(text.split())
        document.save(update_fields=["words"])
