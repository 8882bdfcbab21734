# %% [markdown]
# # What changed
# Two snapshots of the same project, side by side. Only what is the project's own is compared. The data
# is in this notebook.
# %% [tools]
# %% [data]
# %% [markdown]
# ## The two
# %%
facts(DATA["between"].items())
table(DATA["skipped"], "section", "why it was not compared")
# %% [markdown]
# ## How much
# %%
rows = DATA["changes"]
sections = list(dict.fromkeys(r["section"] for r in rows))
counts = Counter((r["section"], r["change"]) for r in rows)
table(
    [
        {"section": s, **{c: counts[s, c] for c in ("added", "removed", "changed")}}
        for s in sections
    ],
    "section",
    "added",
    "removed",
    "changed",
)
bars(Counter(r["section"] for r in rows).most_common(), "Differences per section")
# %% [markdown]
# ## What
# %%
for section in sections:
    display(HTML(f"<h3>{escape(section.capitalize())}</h3>"))
    table(
        [r for r in rows if r["section"] == section],
        "change",
        "what",
        "from",
        "to",
        "place",
        most=200,
    )
# %% [markdown]
# ## Numbers
# %%
table(DATA["counts"], "what", "before", "after", "difference")
# %% [markdown]
# ## Your own analysis
# %%
try:
    import pandas as pd
except ImportError:
    print("pandas is not installed; DATA is plain Python.")
else:
    display(pd.DataFrame(rows))
