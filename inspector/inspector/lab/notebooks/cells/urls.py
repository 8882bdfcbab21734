# %% [markdown]
# # URLs and settings
# What answers requests, who may ask, and what the project decides by its settings and environment.
# The data is in this notebook; secret values are not in it.
# %% [tools]
# %% [data]
# %% [markdown]
# ## Routes
# %%
routes = DATA["routes"]
bars(
    Counter("/" + r["pattern"].partition("/")[0] for r in routes).most_common(),
    "Routes by first part",
)
bars(Counter(r["origin"] or "unknown" for r in routes).most_common(), "Whose view answers")
table(routes, "pattern", "name", "view", "methods", most=100)
# %% [markdown]
# ## Who may ask
# A decorator or mixin was seen, was not there, or it cannot be told without a request. "cannot be told"
# is no finding.
# %%
said = {True: "login required", False: "open", None: "cannot be told"}
bars(Counter(said[r["login_required"]] for r in routes).most_common(), "Login")
table([r for r in routes if r["csrf_exempt"]], "pattern", "view", "place")
# %% [markdown]
# ## Names
# Names that stand for several routes, and routes without a name.
# %%
names = Counter(r["name"] for r in routes if r["name"])
table([{"name": n, "routes": c} for n, c in names.most_common() if c > 1], "name", "routes")
table([r for r in routes if not r["name"]], "pattern", "view", "place", most=25)
# %% [markdown]
# ## Settings
# What differs from Django's defaults, and what is the project's own.
# %%
changed = [s for s in DATA["settings"] if s["changed"] is not False]
table(changed, "name", "value", "place", most=100)
bars(Counter(s["file"] or "unknown" for s in changed).most_common(), "Where settings are written")
# %% [markdown]
# ## Environment
# Variables that the settings read.
# %%
table(DATA["environment"], "name", "required", "default", "kind", "place", most=100)
# %% [markdown]
# ## Your own analysis
# %%
try:
    import pandas as pd
except ImportError:
    print("pandas is not installed; DATA is plain Python.")
else:
    display(pd.DataFrame(routes))
