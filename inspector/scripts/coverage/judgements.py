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
        "i18n.compiled": ("useful", "400 texts of the compiled uk are old"),
        "lifecycle.django": ("useful", "6.0 ends in April 2027"),
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
        "runtime.not-loaded": ("useful", "it runs git while it loads, as title and text say"),
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
        "queries.n-plus-one": ("useful", "four loops of commands and tasks"),
        "checks.deploy": ("useful", "three are open in the only settings module"),
        "urls.unresolvable": (
            "misleading",
            "no route has the name, but nothing renders the template with the link either",
        ),
    },
    "wger-project/wger": {
        "drift": ("useful", "makemigrations --check says the same eight"),
        "checks.warning": ("useful", "axes does not work with the cache that is the default"),
        "checks.build": ("useful", "npm makes node_modules first"),
        "settings.allowed-hosts": (
            "useful",
            "the comment beside it says: change if used in production",
        ),
        "queries.n-plus-one": ("useful", "the command's loop fetches the user of each profile"),
        "lifecycle.django": ("useful", "6.0 ends in April 2027"),
        "checks.deploy": ("useful", "there is no SecurityMiddleware"),
        "settings.environment": ("useful", "env.str() without a default in settings/main.py"),
    },
    "Cloud-CV/EvalAI": {
        "runtime.not-loaded": (
            "false",
            "it loads with settings.dev; manage.py names the package settings, which is empty",
        ),
        "lifecycle.django": ("useful", "requirements/common.txt has 2.2.20"),
        "lifecycle.python": ("useful", "its Dockerfiles have 3.9, too"),
        "packages.missing": ("useful", "its environment was made without them"),
        "packages.unpinned": ("useful", "the one of common.txt without an upper end"),
    },
    "hackerspace-ntnu/website": {
        "templates.broken": (
            "useful",
            "translate without load i18n: the page for administrators is an error 500",
        ),
        "lifecycle.django": ("useful", "requirements.txt has 5.0.3"),
        "databases.none:default": ("useful", "migrate makes it next"),
        "templates.missing": (
            "useful",
            "the folder templates is part of the name: the mail is never sent",
        ),
        "queries.n-plus-one": ("useful", "choice.group.id asks for each group; group_id is there"),
        "apps.cycle:applications-authentication-news-userprofile": (
            "useful",
            "one import in authentication/views.py closes it",
        ),
        "source.gaps": (
            "noise",
            "the URLconf cannot be imported in this environment, which it does not say",
        ),
        "templates.unused": ("useful", "searched for by name: nothing has them"),
    },
    "jointakahe/takahe": {
        "runtime.not-loaded": ("useful", "its settings refuse to load without PGHOST"),
        "lifecycle.django": ("useful", "requirements.txt allows 4.2 only"),
        "packages.missing": ("useful", "its environment was made without pylibmc"),
        "source.gaps": ("useful", "debug_toolbar depends on DEBUG, the admin's routes on its site"),
        "templates.unused": ("useful", "searched for by name: nothing has them"),
    },
    "MAKENTNU/web": {
        "lifecycle.django": ("useful", "uv.lock has 5.0.2"),
        "databases.none:default": ("useful", "migrate makes it next"),
        "drift:make_queue": ("useful", "short_name became unique, and no migration says so"),
        "drift": ("noise", "options of models; nothing of it reaches the database"),
        "packages.missing": ("useful", "its environment was made without python-ldap"),
        "urls.broken": ("useful", "its environment was made without python-ldap"),
        "source.gaps": ("noise", "follows from the same"),
    },
    "pythonindia/junction": {
        "lifecycle.django": ("useful", "requirements.txt has 3.2"),
        "lifecycle.python": ("useful", "its packages of 2021 need an old Python"),
        "databases.none:default": ("useful", "migrate makes it next"),
        "queries.n-plus-one": ("useful", "the list fetches the reviewer of each section"),
    },
    "raveberry/raveberry": {
        "lifecycle.django": ("useful", "common.txt allows 4 only"),
        "settings.allowed-hosts": (
            "noise",
            "meant so: people at a party reach it by any name in their network",
        ),
        "effects.writes": ("useful", "settings.py makes the files of its logs"),
        "checks.deploy": ("useful", "one settings module, which serves"),
        "packages.unpinned": ("useful", "most lines have no upper end"),
    },
    "aboutcode-org/vulnerablecode": {
        "urls.unresolvable": ("useful", "left over from version 1 of its pages and its API"),
        "effects.deprecations": ("useful", "CheckConstraint.check is gone in Django 6.0"),
        "checks.deploy": ("useful", "one settings module, which serves, leaves these open"),
    },
    "bcgov/zeva": {
        "lifecycle.django": ("useful", "requirements.txt has 3.2.25"),
        "databases.none:default": (
            "noise",
            "true of the default of the settings, but developers get PostgreSQL from compose",
        ),
        "drift:api": ("useful", "makemigrations --check says the same 12"),
        "checks.warning": ("useful", "a field that should be a OneToOneField"),
        "lifecycle.python": ("useful", "its Dockerfile has 3.9"),
        "settings.allowed-hosts": ("useful", "the only settings module has it in every place"),
        "checks.deploy": ("useful", "one settings module, which serves"),
        "packages.unpinned": ("useful", "two lines without a version among 50 with one"),
    },
    "broadinstitute/seqr": {
        "lifecycle.django": ("useful", "requirements.txt has 4.2.27"),
        "checks.warning": ("useful", "39 keys that should be one-to-one"),
        "checks.build": ("useful", "npm makes ui/dist first"),
        "effects.writes": ("useful", "settings.py makes its secret key where there is none"),
        "migrations.unread": (
            "useful",
            "a migration downloads a file while it is imported, so migrate needs a network",
        ),
        "settings.allowed-hosts": ("useful", "the only settings module has it"),
        "effects.deprecations": ("useful", "patterns without r before their quotes"),
    },
    "inducer/relate": {
        "databases.none:default": ("useful", "migrate makes it next"),
        "checks.warning": ("useful", "the folder of the built pages is to be made first"),
        "checks.build": ("useful", "npm makes the two folders first"),
        "queries.n-plus-one": ("noise", "true, but in a script that was run once"),
        "effects.deprecations": (
            "useful",
            "local_settings.py has these settings; it does not say where",
        ),
        "templates.unused": ("useful", "searched for by name: nothing has them"),
    },
    "KoalixSwitzerland/koalixcrm": {
        "lifecycle.django": ("useful", "development_requirements.txt has 3.2.25"),
        "databases.none:default": ("useful", "migrate makes it next"),
        "effects.programs": ("noise", "matplotlib fills its cache of fonts, once"),
        "packages.unpinned": ("noise", "tools for tests, meant to be the latest"),
    },
    "zestedesavoir/zds-site": {
        "lifecycle.django": ("useful", "requirements.txt has 4.2.16"),
        "databases.none:default": ("useful", "migrate makes it next"),
        "urls.unresolvable": ("useful", "neither route is left, and two methods still want them"),
        "checks.warning": ("useful", "two routes share a namespace without a name"),
        "checks.build": ("useful", "npm makes dist first"),
        "queries.n-plus-one": ("useful", "each notification asks for its subscription and user"),
        "checks.deploy-unknown:zds.settings.prod": (
            "useful",
            "requirements-prod.txt has sentry-sdk, which a developer does not install",
        ),
    },
    "betagouv/ma-cantine": {
        "checks.warning": ("useful", "an editor with known holes, an address that mails need"),
        "checks.build": ("useful", "npm makes the two folders first"),
        "templates.needs": ("useful", "its tag wants the files that npm builds first"),
        "migrations.lost-originals": ("useful", "0001_initial is there, the other five are not"),
    },
    "dotkom/onlineweb4": {
        "databases.none:default": ("useful", "the README makes one next"),
        "checks.build": ("useful", "npm makes the folder first"),
        "queries.n-plus-one": ("useful", "both lists fetch the tag of each tagged image"),
        "effects.deprecations": (
            "useful",
            "two forms of its own have such a field; it does not say where",
        ),
        "templates.unused": ("useful", "searched for by name: nothing has them"),
    },
    "fsinfuhh/Bitpoll": {
        "databases.none:default": ("useful", "migrate makes it next"),
        "drift:django_token_bucket": (
            "useful",
            "makemigrations --check says the same, and would write into the package",
        ),
        "lifecycle.django": ("useful", "6.0 ends in April 2027"),
        "checks.deploy": ("useful", "what the local settings leave open as they are copied"),
        "templates.unused": ("useful", "searched for by name: nothing has them"),
    },
    "GSA-TTS/FAC": {
        "templates.broken": (
            "useful",
            "the warning before a session ends lacks {% load %}, and the navigation includes it",
        ),
        "effects.deprecations": ("useful", "CheckConstraint.check is gone in Django 6.0"),
        "checks.deploy": ("useful", "one settings module, which serves, leaves both open"),
        "templates.unused": ("useful", "named in comments only, or nowhere"),
    },
    "learningequality/studio": {
        "lifecycle.django": ("useful", "requirements.txt has 3.2.24"),
        "lifecycle.python": ("useful", ".python-version has 3.10"),
        "settings.allowed-hosts": (
            "noise",
            "a comment beside it says why: production serves through a file socket",
        ),
        "urls.broken": ("noise", "about the scan, which may not make the folder; said as such"),
        "source.gaps": ("noise", "follows from the same"),
        "effects.writes": ("useful", "csv_writer.py makes a folder when it is imported"),
        "effects.deprecations": ("useful", "ugettext() is gone in Django 4.0"),
        "checks.deploy-unknown:contentcuration.production_settings": (
            "useful",
            "they want Google's credentials, which a developer does not have",
        ),
        "templates.unused": ("useful", "searched for by name: nothing has them"),
    },
    "OWASP-BLT/BLT": {
        "templates.broken": (
            "useful",
            "tags that nothing defines or that have no space, and blocks that end twice",
        ),
        "urls.unresolvable": ("useful", "no route has these names, and views redirect to them"),
        "checks.warning": ("useful", "a setting of allauth that is deprecated"),
        "packages.missing": ("useful", "its environment was made without pylibmc"),
        "templates.missing": ("useful", "a base and an include of two views are nowhere"),
        "i18n.compiled": ("useful", "all six are older than their sources, which are in git, too"),
        "apps.cycle:comments-website": ("useful", "each imports the other's models"),
        "effects.deprecations": ("useful", "CheckConstraint.check, two forms and two patterns"),
        "templates.broken-unnamed": ("useful", "left over, and broken"),
        "templates.unused": ("useful", "named in a comment, or nowhere"),
    },
    "c3g/freezeman": {
        "runtime.not-loaded": ("useful", "it runs git while it loads, as title and text say"),
        "lifecycle.django": ("useful", "6.0 ends in April 2027"),
        "source.gaps": ("useful", "the API's routes are those of a router"),
        "effects.programs": ("useful", "info.py asks git for the version, each time it loads"),
    },
    "certsocietegenerale/FIR": {
        "databases.none:default": ("useful", "migrate makes it next"),
        "packages.missing": ("useful", "its environment was made without mysqlclient"),
        "drift:fir_notifications": ("noise", "choices that depend on which apps are installed"),
        "apps.cycle:fir_api-fir_artifacts-incidents": (
            "useful",
            "models.py of incidents imports fir_artifacts, which imports incidents",
        ),
        "effects.deprecations": (
            "useful",
            "find_loader() is gone in Python 3.14, and its Dockerfile has 3.13",
        ),
        "packages.unpinned": ("useful", "requirements.txt has no version at all"),
        "templates.unused": (
            "false",
            "they replace templates of django-two-factor-auth, in an app that is not installed",
        ),
    },
    "harvard-lil/h2o": {
        "templates.broken": (
            "useful",
            "an if without its end, in what models.py renders for resources of one type",
        ),
        "lifecycle.django": ("useful", "requirements.txt has 3.2.25"),
        "packages.missing": ("useful", "its environment was made without uwsgi"),
        "checks.deploy:config.settings.settings_prod": (
            "misleading",
            "each server has a settings.py on top of it, with hosts and key",
        ),
        "templates.broken-unnamed": ("useful", "left over, and broken in the same way"),
    },
    "juntagrico/juntagrico": {
        "databases.none:default": ("useful", "migrate makes it next"),
        "checks.deploy:settings.deployment": (
            "misleading",
            "its first line says that it tests collectstatic, and only CI uses it",
        ),
        "packages.unpinned": ("noise", "tools for tests, meant to be the latest"),
    },
    "SkyCascade/SkyLearn": {
        "templates.broken": (
            "useful",
            "quotes inside quotes, {% i18n %}, no {% load %}: four pages are errors 500",
        ),
        "lifecycle.django": ("useful", "requirements/base.txt has 4.0.8"),
        "databases.none:default": ("useful", "the README makes one next"),
        "urls.unresolvable": (
            "useful",
            "a page and a view want names that payments/urls.py does not have",
        ),
        "templates.missing": (
            "misleading",
            "a ListView then takes quiz/sitting_list.html, which is there",
        ),
        "drift": (
            "useful",
            "DEFAULT_AUTO_FIELD changes the keys of jet, and makemigrations would write into it",
        ),
        "templates.unused": ("useful", "named in a comment, or nowhere"),
    },
    "TabbycatDebate/tabbycat": {
        "templates.broken": (
            "useful",
            "an if inside blocktrans, in a card that two pages include",
        ),
        "lifecycle.django": ("useful", "Pipfile.lock has 5.0.4"),
        "drift": ("useful", "makemigrations --check says the same five"),
        "i18n.compiled": ("useful", "msgfmt makes others of both, and git has them all"),
        "queries.n-plus-one": ("useful", "each allocation fetches its team and its round"),
        "drift:actionlog": ("noise", "choices; nothing of it reaches the database"),
    },
}
