/** Writes Django projects of any size for page tests. */
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * A working project: `apps` apps of `models` models each, with migrations, URLs and a database path
 * that does not exist.
 * @param {{apps?: number, models?: number, name?: string, slow?: number}} [options] `slow`: seconds that
 *   loading the settings takes
 * @returns {string} its folder
 */
export function makeProject({ apps = 2, models = 3, name = 'shop', slow = 0 } = {}) {
  const parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'djdesk-project-')));
  const root = path.join(parent, name);
  const labels = Array.from({ length: apps }, (_, index) => `area${String(index + 1).padStart(2, '0')}`);
  write(root, 'manage.py', MANAGE);
  write(root, 'requirements.txt', 'django>=5.2\n');
  write(root, 'config/__init__.py', '');
  write(root, 'config/settings.py', settings(labels, slow));
  write(root, 'config/urls.py', urls(labels));
  labels.forEach((label, index) => writeApp(root, labels, index, models, label));
  write(root, `${labels[0]}/locale/de/LC_MESSAGES/django.po`, GERMAN);
  return root;
}

const MANAGE = `import os, sys
if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`;

const GERMAN = `msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Title"
msgstr "Titel"

msgid "Amount"
msgstr ""
`;

/** @param {string[]} labels @param {number} slow */
function settings(labels, slow) {
  return `import os
import time
from pathlib import Path

time.sleep(${slow})
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "never-shown-to-anyone-0123456789"
DEBUG = True
ROOT_URLCONF = "config.urls"
INSTALLED_APPS = [${['django.contrib.contenttypes', 'django.contrib.auth', ...labels].map((l) => `"${l}"`).join(', ')}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SHOP_CURRENCY = os.environ.get("SHOP_CURRENCY", "EUR")
`;
}

/** @param {string[]} labels */
function urls(labels) {
  const lines = labels.map((label) => `    path("${label}/", include("${label}.urls")),`);
  return `from django.urls import include, path\n\nurlpatterns = [\n${lines.join('\n')}\n]\n`;
}

/** @param {string} root @param {string[]} labels @param {number} index @param {number} count @param {string} label */
function writeApp(root, labels, index, count, label) {
  const names = Array.from({ length: count }, (_, n) => `Item${String(n + 1).padStart(2, '0')}`);
  const earlier = labels[index - 1];
  const fields = (/** @type {string} */ name, /** @type {number} */ n) => [
    ['title', 'models.CharField(max_length=120)'],
    ['amount', 'models.DecimalField(max_digits=9, decimal_places=2, default=0)'],
    ...(n > 0 ? [['before', `models.ForeignKey("${label}.${names[n - 1]}", on_delete=models.CASCADE)`]] : []),
    ...(n % 4 === 1 && earlier
      ? [['elsewhere', `models.ForeignKey("${earlier}.${names[n]}", on_delete=models.PROTECT, null=True, related_name="+")`]]
      : []),
  ];
  write(root, `${label}/__init__.py`, '');
  write(
    root,
    `${label}/models.py`,
    `from django.db import models\n${names
      .map((name, n) => `\n\nclass ${name}(models.Model):\n${fields(name, n).map(([f, c]) => `    ${f} = ${c}\n`).join('')}`)
      .join('')}`,
  );
  write(
    root,
    `${label}/views.py`,
    `from django.http import HttpResponse\n\n\ndef index(request):\n    return HttpResponse("${label}")\n\n\ndef detail(request, pk):\n    return HttpResponse(str(pk))\n`,
  );
  write(
    root,
    `${label}/urls.py`,
    `from django.urls import path\n\nfrom . import views\n\napp_name = "${label}"\nurlpatterns = [\n    path("", views.index, name="index"),\n    path("<int:pk>/", views.detail, name="detail"),\n]\n`,
  );
  write(root, `${label}/migrations/__init__.py`, '');
  const operations = names.map(
    (name, n) =>
      `        migrations.CreateModel(\n            name="${name}",\n            fields=[\n                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),\n${fields(name, n)
        .map(([f, c]) => `                ("${f}", ${c}),\n`)
        .join('')}            ],\n        ),\n`,
  );
  const needs = earlier ? `("${earlier}", "0001_initial")` : '';
  write(
    root,
    `${label}/migrations/0001_initial.py`,
    `from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    initial = True\n    dependencies = [${needs}]\n    operations = [\n${operations.join('')}    ]\n`,
  );
}

/** @param {string} root @param {string} file @param {string} text */
export function write(root, file, text) {
  const whole = path.join(root, file);
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(whole, text);
}
