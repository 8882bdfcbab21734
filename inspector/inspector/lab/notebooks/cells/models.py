# %% [markdown]
# # Models and relations
# Which models hold the project together, which are wide, and what deleting a row would take along.
# The data is in this notebook.
# %% [tools]
# %% [data]
# %% [markdown]
# ## How many
# %%
models, relations = DATA["models"], DATA["relations"]
facts(
    [
        ("Models", len(models)),
        ("Fields", sum(m["fields"] for m in models)),
        ("Relations", len(relations)),
    ]
)
bars(Counter(m["app"] for m in models).most_common(), "Models per app")
bars(Counter(r["kind"] for r in relations).most_common(), "Relations by kind")
# %% [markdown]
# ## Hubs
# The degree of a model is the number of relations that touch it. A model that many others point at is
# a hub: a change there is felt everywhere.
# %%
into = Counter(r["to"] for r in relations if r["to"])
out = Counter(r["model"] for r in relations)
degrees = sorted(
    (
        {"model": label, "in": into[label], "out": out[label], "degree": into[label] + out[label]}
        for label in into | out
    ),
    key=lambda row: (-row["degree"], row["model"]),
)
table(degrees, "model", "in", "out", "degree", most=25)
bars(
    (
        (d["model"], d["in"])
        for d in sorted(degrees, key=lambda d: (-d["in"], d["model"]))
        if d["in"]
    ),
    "Relations pointing here",
)
# %% [markdown]
# ## Widest models
# %%
wide = sorted(models, key=lambda m: (-m["fields"], m["model"]))
table(wide, "model", "fields", "table", "place", most=20)
bars(((m["model"], m["fields"]) for m in wide), "Fields per model")
# %% [markdown]
# ## Isolated models
# Neither pointing at another model nor pointed at.
# %%
touched = set(into) | set(out)
table([m for m in models if m["model"] not in touched], "model", "fields", "place")
# %% [markdown]
# ## What a deletion cascades to
# `CASCADE` deletes the rows that point at the deleted one; the others keep or refuse.
# %%
deleting = Counter(r["on_delete"] or "none" for r in relations if r["kind"] in ("fk", "o2o"))
bars(deleting.most_common(), "on_delete")
falls = {}
for r in relations:
    if r["on_delete"] == "CASCADE" and r["to"]:
        falls.setdefault(r["to"], set()).add(r["model"])


def deleted_with(label):
    """Every model whose rows may go with a row of this one."""
    found, waiting = set(), [label]
    while waiting:
        for other in falls.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


reach = sorted(
    (
        {
            "model": label,
            "taken along": len(deleted_with(label)),
            "which": sorted(deleted_with(label)),
        }
        for label in falls
    ),
    key=lambda row: (-row["taken along"], row["model"]),
)
table(reach, "model", "taken along", "which", most=20)
# %% [markdown]
# ## Your own analysis
# %%
try:
    import pandas as pd
except ImportError:
    print("pandas is not installed; DATA is plain Python.")
else:
    display(pd.DataFrame(models).describe(include="all"))
