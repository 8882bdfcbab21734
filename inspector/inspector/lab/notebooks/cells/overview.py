# %% [markdown]
# # Overview
# What the project is made of, and what the inspection makes of it. The data is in this notebook;
# nothing is fetched and no other file is needed.
# %% [tools]
# %% [data]
# %% [markdown]
# ## The project
# A number is missing where its section was not found out. "static" was read from the source, "live"
# comes from the running project.
# %%
facts(DATA["project"].items())
facts([(name.replace("_", " "), n) for name, n in DATA["counts"].items() if n is not None])
table(DATA["sections"], "section", "source", "state")
# %% [markdown]
# ## Findings
# The most important first.
# %%
table(DATA["findings"], "severity", "title", "text", "place")
bars(Counter(i["severity"] for i in DATA["findings"]).most_common(), "Findings by severity")
# %% [markdown]
# ## Apps
# The project's own, by lines of code.
# %%
apps = sorted(DATA["apps"], key=lambda a: -(a["lines"] or 0))
table(apps, "app", "models", "migrations", "files", "lines")
bars(((a["app"], a["lines"] or 0) for a in apps), "Lines of code per app")
# %% [markdown]
# ## System checks
# %%
table(DATA["checks"], "level", "id", "about", "message", "place")
# %% [markdown]
# ## Your own analysis
# Every table is a list of dictionaries in `DATA`. With pandas it is one call away.
# %%
try:
    import pandas as pd
except ImportError:
    print("pandas is not installed; DATA is plain Python.")
else:
    display(pd.DataFrame(DATA["findings"]))
