"""The form of the first start: name and password of the first user, who becomes a superuser."""

from __future__ import annotations

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods


# Called from FirstUserMiddleware, so CsrfViewMiddleware's process_view does not cover it.
@csrf_protect
@require_http_methods(["GET", "POST"])
def first_user(request: HttpRequest) -> HttpResponse:
    """Only while there is no user, and only if the app asks for the form."""
    wanted = getattr(settings, "DESKTOP_FIRST_USER", "") == "form"
    if not wanted or not apps.is_installed("django.contrib.auth"):
        # Not Http404: the project's 404 page may need context that is missing here.
        return HttpResponseNotFound()
    from ..accounts import login_backend, nobody_yet

    if not nobody_yet():
        return redirect("/")
    form = _form_class()(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values.pop("again")
        user = auth.get_user_model()._default_manager.create_superuser(**values)
        auth.login(request, user, backend=login_backend())
        return redirect("/")
    return render(request, "desktop/first_user.html", {"form": form})


def _form_class() -> type[forms.BaseForm]:
    from django.contrib.auth.password_validation import validate_password

    model = auth.get_user_model()
    names = [model.USERNAME_FIELD, *model.REQUIRED_FIELDS]

    class FirstUserForm(forms.ModelForm):
        password = forms.CharField(
            label=gettext_lazy("Password"),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )
        again = forms.CharField(
            label=gettext_lazy("Repeat the password"),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )

        class Meta:
            fields = names

        def clean_password(self) -> str:
            password: str = self.cleaned_data["password"]
            validate_password(password)
            return password

        def clean_again(self) -> str:
            if self.cleaned_data["again"] != self.cleaned_data.get("password"):
                raise forms.ValidationError(_("The two passwords do not match."))
            again: str = self.cleaned_data["again"]
            return again

    FirstUserForm.Meta.model = model  # type: ignore[attr-defined]
    return forms.modelform_factory(model, form=FirstUserForm, fields=names)
