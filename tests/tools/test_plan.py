"""What the Node tools and the shell are told about an app."""

import json

from djdesk.app import load
from djdesk.tools import plan

TABLE = '[project]\nname = "shelf"\n[tool.djdesk]\nsettings = "shelf.settings"\nicon = "a.svg"\n'


def described(folder):
    load.cache_clear()
    return json.loads(plan.write_app_json(load(folder)).read_text(encoding="utf-8"))


def test_the_windows_icon_is_the_drawn_one_else_the_png_beside_the_icon(tmp_path):
    (tmp_path / "pyproject.toml").write_text(TABLE)
    (tmp_path / "a.svg").write_text("<svg/>")
    assert described(tmp_path)["icon"] == str(tmp_path / "a.svg")
    assert described(tmp_path)["windowIcon"] == ""
    (tmp_path / "a.png").write_bytes(b"")
    assert described(tmp_path)["windowIcon"] == str(tmp_path / "a.png")
    drawn = tmp_path / ".djdesk/stage/icons/png/256x256.png"
    drawn.parent.mkdir(parents=True)
    drawn.write_bytes(b"")
    assert described(tmp_path)["windowIcon"] == str(drawn)
