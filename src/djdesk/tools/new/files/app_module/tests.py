import tempfile

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from django.urls import reverse

from .models import Document
from .tasks import count_words


class DocumentTests(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.enterContext(override_settings(MEDIA_ROOT=folder.name))
        self.client.force_login(get_user_model().objects.create_superuser("reader"))

    def test_a_document_is_added_and_listed(self) -> None:
        file = SimpleUploadedFile("notes.txt", b"two words")
        answer = self.client.post(reverse("add"), {"title": "Notes", "file": file}, follow=True)
        self.assertRedirects(answer, reverse("documents"))
        self.assertContains(answer, "“Notes” is saved.")
        self.assertContains(answer, Document.objects.get().file.url)

    def test_a_document_without_a_file_is_refused(self) -> None:
        answer = self.client.post(reverse("add"), {"title": "Notes"})
        self.assertContains(answer, "This field is required.")
        self.assertFalse(Document.objects.exists())

    def test_words_are_counted(self) -> None:
        document = Document(title="Notes")
        document.file.save("notes.txt", ContentFile(b"one two\nthree"))
        count_words.call()
        document.refresh_from_db()
        self.assertEqual(document.words, 3)

    def test_nobody_sees_documents_without_a_login(self) -> None:
        self.client.logout()
        self.assertEqual(self.client.get(reverse("documents")).status_code, 302)
