# ruff: noqa: E501 - a reason stays in one piece
"""The value of each finding, judged by a person who read the source.

``{project: {id of the finding: (verdict, why)}}``; verdicts are in ``VERDICTS``. Findings without a
verdict are counted separately, so that new kinds are noticed.
"""

VERDICTS = ("useful", "noise", "misleading", "false")

JUDGED: dict[str, dict[str, tuple[str, str]]] = {
    "babybuddy/babybuddy": {
        "templates.broken": (
            "useful",
            'add"</code>" lacks a colon: every page that is not found is an error 500',
        ),
        "migrations.pending:default": (
            "useful",
            "the nine of axes were taken back before the scan",
        ),
        "drift": ("noise", "choices and options of models; nothing of it reaches the database"),
        "checks.deploy": (
            "useful",
            "its Procfile serves settings made of these, and they leave four open",
        ),
    },
    "bugsink/bugsink": {
        "databases.none": (
            "useful",
            "neither file is in a fresh checkout; migrate is the next thing to do",
        ),
        "packages.unpinned": ("useful", "both lines have no upper end"),
    },
    "CiviWiki/OpenCiviWiki": {
        "lifecycle.django": ("useful", "poetry.lock has 4.1.2"),
        "databases.none:default": ("useful", "migrate makes it next"),
        "lifecycle.python": ("useful", "its packages of 2022 need an old Python"),
        "templates.missing": ("useful", "declaration/ is routed, and declaration.html is nowhere"),
        "queries.n-plus-one": ("useful", "the list of votes fetches civi and user of each"),
        "checks.deploy": ("useful", "one settings module, with a short key"),
        "templates.unused": (
            "useful",
            "searched for by name: nothing has them; some are counted by two names",
        ),
    },
    "django-cms/django-cms-quickstart": {
        "packages.missing": ("useful", "its environment was made without them"),
        "checks.deploy": (
            "useful",
            "the settings serve production by variables, and leave these open",
        ),
    },
    "django-oscar/django-oscar": {
        "databases.none:default": ("useful", "sandbox/db.sqlite is made by migrate"),
        "effects.deprecations": ("useful", "reports.py:93 calls select_related() without a name"),
    },
    "DjangoCRM/django-crm": {
        "databases.none:default": ("useful", "crm_db.sqlite3 is made by migrate"),
        "packages.missing": (
            "useful",
            "mysqlclient was left out; setup.cfg asks for setuptools, requirements.txt does not",
        ),
        "i18n.compiled": (
            "misleading",
            "right for uk, of which 400 texts are old; compiling tr again would lose all of its 842",
        ),
        "lifecycle.django": ("useful", "6.0 ends in April 2027"),
        "effects.writes": ("useful", "import_emails.py makes media/locks"),
        "settings.development": (
            "useful",
            "the only settings there are, with DEBUG and a key in the source",
        ),
    },
    "healthchecks/healthchecks": {
        "checks.warning": ("useful", "no mailer is configured"),
    },
    "horilla-opensource/horilla": {
        "templates.broken": ("useful", "both are rendered by views and lack {% load i18n %}"),
        "lifecycle.django": ("useful", "requirements.txt pins 4.2.24"),
        "databases.none:default": ("useful", "the README makes one next"),
        "migrations.empty": (
            "useful",
            ".gitignore leaves migrations out, every installation makes its own",
        ),
        "urls.unresolvable": (
            "useful",
            "the view redirects to candidate_login, the route is candidate-login",
        ),
        "templates.missing": ("useful", "error.html and the card view are nowhere"),
        "effects.queries": (
            "useful",
            "forms, signals and schedulers query while they are imported",
        ),
        "drift:auth": ("useful", "add_to_class puts a field on auth.User that no migration makes"),
        "effects.deprecations": ("useful", "distutils is gone in Python 3.12"),
        "packages.unpinned": ("useful", "of 91 packages three have a version"),
        "templates.broken-unnamed": ("useful", "left over, and broken"),
        "templates.unused": ("useful", "searched for by name: nothing has them"),
    },
    "justdjango/django-ecommerce": {
        "lifecycle.django": ("useful", "requirements.txt pins 2.2.14"),
        "lifecycle.python": ("useful", "3.8 is what its packages need"),
        "templates.missing": ("useful", "core/views.py:29 renders products.html, which is nowhere"),
        "checks.deploy-unknown:djecommerce.settings.production": (
            "useful",
            "production uses PostgreSQL, and no requirement brings its driver",
        ),
    },
    "LibraryOfCongress/concordia": {
        "runtime.not-loaded": (
            "misleading",
            "it loads where git may run; the text says so, the title does not",
        ),
        "packages.missing": ("useful", "its environment was made without pylibmc"),
        "source.gaps": ("useful", "three includes are made when the code runs"),
        "effects.programs": ("useful", "concordia/version.py runs git through setuptools_scm"),
        "migrations.lost-originals": ("useful", "0001_initial is there, the other 39 are not"),
    },
    "mdn/django-locallibrary-tutorial": {
        "lifecycle.django": ("useful", "requirements.txt pins 5.1.15"),
        "databases.none:default": ("useful", "the tutorial makes one next"),
        "settings.development": ("useful", "its Procfile serves it with DEBUG on"),
    },
    "milesmcc/shynet": {
        "lifecycle.django": ("useful", "poetry.lock has 4.1.13"),
        "drift:core": ("useful", "makemigrations --check says the same"),
        "checks.warning": ("useful", "the folder is made by npm first"),
        "lifecycle.python": ("useful", "its packages of 2022 need an old Python"),
        "drift": (
            "useful",
            "DEFAULT_AUTO_FIELD changes the keys of allauth, and makemigrations would write into it",
        ),
        "apps.cycle:analytics-core": ("noise", "a command for a demonstration closes the circle"),
        "checks.deploy": ("useful", "one settings module, with a short default of the key"),
    },
    "pretalx/pretalx": {
        "databases.none:default": ("useful", "the file is in data/, which is not in git"),
        "lifecycle.django": ("useful", "6.0 ends in April 2027"),
        "effects.writes": ("useful", "settings.py makes data/.secret where there is none"),
        "checks.deploy": ("useful", "what its own checks ask for"),
        "drift.overridden": ("noise", "its makemigrations leaves these differences out on purpose"),
    },
    "Princeton-CDH/geniza": {
        "effects.deprecations": ("useful", "CheckConstraint.check is gone in Django 6.0"),
        "packages.unpinned": ("false", "requirements.lock pins them all"),
        "settings.development": ("noise", "it is the file that each developer makes of the sample"),
    },
    "sissbruecker/linkding": {
        "databases.none:default": ("useful", "data/db.sqlite3 is made by migrate"),
        "checks.warning": ("useful", "the folders are to be made first, as its README says"),
        "packages.missing": ("useful", "its environment was made without uwsgi"),
        "checks.deploy:bookmarks.settings.prod": (
            "useful",
            "these are left to the proxy, and worth knowing",
        ),
        "lifecycle.django": ("useful", "6.0 ends in April 2027"),
    },
    "ubccr/coldfront": {
        "lifecycle.django": ("useful", "uv.lock has 4.2.23"),
        "databases.none:default": ("useful", "coldfront.db is made by its initial_setup"),
        "drift": ("useful", "makemigrations --check says the same 35"),
        "urls.unresolvable": (
            "false",
            "the link stands behind {% if 'mozilla_django_oidc' in EXTRA_APPS %}",
        ),
        "templates.missing": (
            "false",
            "both includes stand behind {% if … in EXTRA_APPS %}, and are there with the plugin",
        ),
        "settings.allowed-hosts": (
            "misleading",
            "it is the default of a variable, and the place is missing",
        ),
        "queries.n-plus-one": ("useful", "four loops of commands and tasks"),
        "checks.deploy": ("useful", "three are open in the only settings module"),
        "templates.unused": ("useful", "searched for by name: nothing has them"),
    },
    "wger-project/wger": {
        "drift": ("useful", "makemigrations --check says the same eight"),
        "checks.warning": ("useful", "axes does not work with the cache that is the default"),
        "settings.allowed-hosts": (
            "useful",
            "the comment beside it says: change if used in production",
        ),
        "queries.n-plus-one": ("useful", "the command's loop fetches the user of each profile"),
        "lifecycle.django": ("useful", "6.0 ends in April 2027"),
        "checks.deploy": ("useful", "there is no SecurityMiddleware"),
        "settings.environment": ("useful", "env.str() without a default in settings/main.py"),
    },
}
