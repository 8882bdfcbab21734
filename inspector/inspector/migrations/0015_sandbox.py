from django.db import migrations

# Values in stored results: (column, old, new).
VALUES = [
    (column, f'"{old}"', f'"{new}"')
    for old, new in (
        ("NoJail", "NoSandbox"),
        ("without-jail", "without-sandbox"),
        ("no_jail", "no_sandbox"),
    )
    for column in ("data", "error")
] + [("error", '"kind": "jail"', '"kind": "sandbox"')]


class Migration(migrations.Migration):
    dependencies = [("inspector", "0014_project")]

    operations = [
        migrations.RenameField("scan", "without_jail", "without_sandbox"),
        migrations.RenameField("command", "jail", "sandbox"),
        *(
            migrations.RunSQL(
                f"UPDATE inspector_section SET {column} = replace({column}, '{old}', '{new}')"  # noqa: S608
                f" WHERE {column} LIKE '%{old}%'",
                migrations.RunSQL.noop,
            )
            for column, old, new in VALUES
        ),
    ]
