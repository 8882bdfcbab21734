"""All sections, in the order in which they are produced."""

from .admin import section_admin
from .apps import section_apps
from .checks import section_checks
from .commands import section_commands
from .databases import section_databases
from .drift import section_drift
from .i18n import section_i18n
from .middleware import section_middleware
from .migrations import section_migrations
from .models import section_models
from .packages import section_packages
from .settings import section_settings
from .signals import section_signals
from .tasks import section_tasks
from .templates import section_templates
from .urls import section_urls

SECTIONS = [
    ("apps", section_apps),
    ("models", section_models),
    ("settings", section_settings),
    ("migrations", section_migrations),
    ("databases", section_databases),
    ("signals", section_signals),
    ("middleware", section_middleware),
    ("checks", section_checks),
    ("urls", section_urls),
    # After the URLconf, which may be all that imports a module with registrations.
    ("admin", section_admin),
    # Same order as makemigrations, which runs the checks first: importing the views adds models
    # that no models module imports.
    ("drift", section_drift),
    ("templates", section_templates),
    ("commands", section_commands),
    ("packages", section_packages),
    ("tasks", section_tasks),
    ("i18n", section_i18n),
]
