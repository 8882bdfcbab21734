"""Highlights among the models."""

from inspector.pages.model_highlights import model_highlights


def model(label, *targets, origin="project", **more):
    fields = [{"name": "id"}, *({"name": f"f{n}", "rel": {"to": t}} for n, t in enumerate(targets))]
    app, name = label.split(".")
    return {"label": label, "app": app, "name": name, "origin": origin, "fields": fields} | more


def test_the_models_that_most_others_point_at_come_first():
    found = model_highlights(
        {
            "models": [
                model("shop.Tag"),
                model("shop.Book", "shop.Author", "shop.Author", "auth.User"),
                model("shop.Review", "shop.book", "shop.author"),
                model("shop.Author"),
                model("shop.Book_tags", "shop.Book", "shop.Tag", auto_created="shop.Book"),
                model("auth.User", origin="django"),
            ]
        }
    )
    assert found
    seen = [(w.model["label"], w.incoming, w.outgoing) for w in found.connected]
    # Several fields of one model count once; automatically created models do not count.
    assert seen == [("shop.Author", 2, 0), ("shop.Book", 1, 3), ("shop.Review", 0, 2)]
    assert found.wide[0].model["label"] == "shop.Book"


def test_a_few_models_need_no_ranking():
    assert model_highlights({"models": [model("shop.Tag"), model("shop.Book")]}) is None
    assert model_highlights(None) is None


def test_models_whose_relations_are_unknown_are_only_measured():
    found = model_highlights({"models": [model(f"shop.M{n}") for n in range(4)]})
    assert found and found.connected == [] and len(found.wide) == 4
