"""A data folder belongs to one app; another app's is not touched."""

import dataclasses
import json

import pytest

from djdesk.app import load
from djdesk.desktop import data_owner, datadir
from djdesk.desktop.launch import LaunchFailure
from tests.environment import PARITY

from .children import Child

APP = load(PARITY)
OTHER = dataclasses.replace(APP, id="org.example.other", name="Other")


def keep(folder, **values):
    folder.mkdir(exist_ok=True)
    (folder / "data.json").write_text(json.dumps(values))
    return folder


def test_a_new_folder_and_the_apps_own_are_taken(tmp_path):
    data_owner.check(tmp_path / "new", APP)
    data_owner.check(keep(tmp_path / "own", app=APP.id, version="1"), APP)


def test_another_apps_folder_is_refused_with_both_names(tmp_path):
    folder = keep(tmp_path / "theirs", app=OTHER.id, app_name="Other")
    with pytest.raises(LaunchFailure) as caught:
        data_owner.check(folder, APP)
    assert caught.value.code == "other_app"
    assert caught.value.reason == f"The data folder {folder} belongs to Other, not to Parity."


def test_data_from_before_ids_are_taken_by_the_app_whose_folder_it_is(tmp_path, monkeypatch):
    folder = keep(tmp_path / "old", version="0.1.0")
    monkeypatch.setattr(datadir, "default", lambda app: folder if app is APP else tmp_path)
    data_owner.check(folder, APP)
    with pytest.raises(LaunchFailure, match="belongs to another app, not to Other"):
        data_owner.check(folder, OTHER)


def test_a_damaged_note_is_no_reason_to_refuse(tmp_path):
    for text in ("{", "[]", ""):
        (tmp_path / "data.json").write_text(text)
        data_owner.check(tmp_path, APP)


def test_a_start_on_another_apps_data_writes_nothing(tmp_path):
    folder = keep(tmp_path / "theirs", app=OTHER.id, app_name="Other")
    for command in ("serve", "worker"):
        with Child(command, folder, settings="tests.djdesk.child_settings") as child:
            failed = child.until("failed")
            assert failed["code"] == "other_app" and "Other" in failed["reason"]
    assert [file.name for file in folder.iterdir()] == ["data.json"]
