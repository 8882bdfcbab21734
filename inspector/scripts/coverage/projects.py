"""Which real projects, how each is installed, and how it is made to look like a dropped folder."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# (folder of the project, virtual environment) -> None
Make = Callable[[Path, Path], None]


@dataclass(frozen=True, slots=True)
class Project:
    """``python`` and ``requirements`` make its environment, ``make`` its folder."""

    name: str
    python: str
    requirements: list[str]
    make: Make
    settings: str | None = None
    note: str = ""


def command(*argv: str) -> Make:
    """Run a program of the environment in the folder, such as ``django-admin startproject``."""

    def make(folder: Path, venv: Path) -> None:
        folder.mkdir(parents=True)
        program = venv / "bin" / argv[0]
        subprocess.run([program, *argv[1:]], cwd=folder, check=True, capture_output=True)

    return make


def copied(*packages: str) -> Make:
    """The packages' own folders, copied out of the environment."""

    def make(folder: Path, venv: Path) -> None:
        for package in packages:
            (source,) = venv.glob(f"lib/python*/site-packages/{package}")
            shutil.copytree(source, folder / package, ignore=shutil.ignore_patterns("__pycache__"))

    return make


def oscar(folder: Path, venv: Path) -> None:
    """A shop in the way that django-oscar's documentation sets one up."""
    command("django-admin", "startproject", "shop", ".")(folder, venv)
    settings = folder / "shop" / "settings.py"
    settings.write_text(
        settings.read_text()
        + "\nfrom oscar.defaults import *  # noqa\n"
        + "INSTALLED_APPS += ['django.contrib.sites', 'django.contrib.flatpages'"
        + ", 'oscar.config.Shop'"
        + "".join(f", 'oscar.apps.{name}'" for name in OSCAR_APPS)
        + ", 'widget_tweaks', 'haystack', 'treebeard', 'sorl.thumbnail', 'django_tables2']\n"
        + "HAYSTACK_CONNECTIONS = {'default': "
        + "{'ENGINE': 'haystack.backends.simple_backend.SimpleEngine'}}\n"
        + "SITE_ID = 1\n"
    )
    (folder / "shop" / "urls.py").write_text(
        "from django.apps import apps\nfrom django.urls import include, path\n"
        "urlpatterns = [path('', include(apps.get_app_config('oscar').urls[0]))]\n"
    )


OSCAR_APPS = [
    "analytics.apps.AnalyticsConfig", "checkout.apps.CheckoutConfig",
    "address.apps.AddressConfig", "shipping.apps.ShippingConfig",
    "catalogue.apps.CatalogueConfig", "catalogue.reviews.apps.CatalogueReviewsConfig",
    "communication.apps.CommunicationConfig", "partner.apps.PartnerConfig",
    "basket.apps.BasketConfig", "payment.apps.PaymentConfig", "offer.apps.OfferConfig",
    "order.apps.OrderConfig", "customer.apps.CustomerConfig", "search.apps.SearchConfig",
    "voucher.apps.VoucherConfig", "wishlists.apps.WishlistsConfig",
    "dashboard.apps.DashboardConfig", "dashboard.reports.apps.ReportsDashboardConfig",
    "dashboard.users.apps.UsersDashboardConfig", "dashboard.orders.apps.OrdersDashboardConfig",
    "dashboard.catalogue.apps.CatalogueDashboardConfig",
    "dashboard.offers.apps.OffersDashboardConfig",
    "dashboard.partners.apps.PartnersDashboardConfig",
    "dashboard.pages.apps.PagesDashboardConfig",
    "dashboard.ranges.apps.RangesDashboardConfig",
    "dashboard.reviews.apps.ReviewsDashboardConfig",
    "dashboard.vouchers.apps.VouchersDashboardConfig",
    "dashboard.communications.apps.CommunicationsDashboardConfig",
    "dashboard.shipping.apps.ShippingDashboardConfig",
]  # fmt: skip

START = ("django-admin", "startproject", "demo", ".")

PROJECTS = [
    Project("startproject 3.2", "3.8", ["django==3.2.*"], command(*START)),
    Project("startproject 4.2", "3.10", ["django==4.2.*"], command(*START)),
    Project("startproject 5.2", "3.12", ["django==5.2.*"], command(*START)),
    Project("startproject 6.1", "3.13", ["django==6.1.*"], command(*START)),
    Project("wagtail start", "3.12", ["wagtail"], command("wagtail", "start", "mysite", ".")),
    Project("mezzanine-project", "3.8", ["mezzanine"], command("mezzanine-project", "mysite", ".")),
    Project(
        "django-oscar",
        "3.12",
        ["django-oscar==4.*", "sorl-thumbnail", "django-tables2"],
        oscar,
        note="its apps in a fresh project, as its documentation sets one up",
    ),
    Project("pretix", "3.11", ["pretix"], copied("pretix"), note="from its wheel"),
    Project(
        "kolibri", "3.9", ["kolibri", "setuptools<81"], copied("kolibri"), note="vendors Django"
    ),
    Project(
        "doccano",
        "3.9",
        ["doccano", "setuptools<81", "marshmallow<4"],
        copied("backend"),
        note="wheel",
    ),
    Project("label-studio", "3.11", ["label-studio"], copied("label_studio"), note="wheel"),
    Project("nautobot", "3.12", ["nautobot"], copied("nautobot"), note="wheel"),
    Project(
        "mailman-web",
        "3.12",
        ["mailman-web"],
        copied("mailman_web", "postorius", "hyperkitty", "django_mailman3"),
        settings="mailman_web.settings",
        note="its four packages in one folder, with the settings that every installation adds to",
    ),
    Project("archivebox", "3.11", ["archivebox<0.8"], copied("archivebox"), note="wheel"),
    Project(
        "graphite-web",
        "3.10",
        ["graphite-web", "django<4", "setuptools<81"],
        copied("graphite"),
        note="from its package",
    ),
]
