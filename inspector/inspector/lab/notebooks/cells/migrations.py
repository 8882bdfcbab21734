# %% [markdown]
# # Migrations
# How the schema came about, which steps cannot be reversed, and whether the models still agree with
# them. The data is in this notebook.
# %% [tools]
# %% [data]
# %% [markdown]
# ## How many
# "unknown": no database was read, so nobody knows what was applied.
# %%
migrations = DATA["migrations"]
bars(Counter(m["app"] for m in migrations).most_common(), "Migrations per app")
bars(Counter(m["state"] for m in migrations).most_common(), "State")
table([m for m in migrations if m["state"] == "pending"], "app", "name", "operations", "file")
# %% [markdown]
# ## Timeline
# Files have no dates that can be relied on. What can be is their order: the step of a migration is one
# more than that of the latest one it depends on.
# %%
steps = {}
for m in migrations:  # in the order of their dependencies within an app
    steps[f"{m['app']}.{m['name']}"] = 0
for _ in migrations:
    changed = False
    for m in migrations:
        name = f"{m['app']}.{m['name']}"
        step = 1 + max((steps[d] for d in m["deps"] if d in steps), default=0)
        if step != steps[name] and step <= len(migrations):
            steps[name], changed = step, True
    if not changed:
        break
per_step = Counter(steps.values())
bars(((f"step {s}", per_step[s]) for s in sorted(per_step)), "Migrations per step", most=40)
last = {}
for m in migrations:
    row = last.setdefault(
        m["app"], {"app": m["app"], "migrations": 0, "first step": 10**9, "last step": 0}
    )
    step = steps[f"{m['app']}.{m['name']}"]
    row["migrations"] += 1
    row["first step"] = min(row["first step"], step)
    row["last step"] = max(row["last step"], step)
table(
    sorted(last.values(), key=lambda r: (-r["last step"], r["app"])),
    "app",
    "migrations",
    "first step",
    "last step",
)
# %% [markdown]
# ## Operations
# %%
kinds = Counter()
for m in migrations:
    kinds.update(m["kinds"])
bars(kinds.most_common(), "Operations by kind")
table(
    sorted(migrations, key=lambda m: -m["operations"]), "app", "name", "operations", "file", most=15
)
# %% [markdown]
# ## Irreversible operations
# Operations without a reverse: `migrate` cannot go back past these.
# %%
table(
    [
        {"app": m["app"], "migration": m["name"], "operation": o}
        for m in migrations
        for o in m["irreversible"]
    ],
    "app",
    "migration",
    "operation",
)
# %% [markdown]
# ## Drift
# What `makemigrations` would write now.
# %%
table(DATA["drift"], "app", "operation", "text", "place")
table(DATA["conflicts"], "app", "leaves")
# %% [markdown]
# ## Your own analysis
# %%
try:
    import pandas as pd
except ImportError:
    print("pandas is not installed; DATA is plain Python.")
else:
    display(pd.DataFrame(migrations).groupby("app")["operations"].sum())
