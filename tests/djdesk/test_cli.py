import sys
from importlib.metadata import EntryPoint

import pytest

from djdesk import cli
from djdesk.desktop import diagnostics


def test_without_a_command_the_help_is_shown(monkeypatch, capsys):
    monkeypatch.setattr(cli, "_installed", list)
    assert cli.main([]) == 2
    assert "usage: djdesk" in capsys.readouterr().err


def test_a_command_whose_package_is_gone_is_left_out(capsys):
    gone = EntryPoint("inspect", "no_such_package.cli:add_parser", cli.GROUP)
    parser = cli.build_parser([gone])
    assert "inspect is left out" in capsys.readouterr().err
    assert parser.parse_args([]).command is None


def test_an_installed_app_has_its_own_name_on_the_command_line(monkeypatch, tmp_path, capsys):
    backend = tmp_path / "backend"
    (backend / "app").mkdir(parents=True)
    (backend / "manifest.json").write_text("{}")
    (backend / "app/pyproject.toml").write_text(
        '[project]\nname = "shelf"\nversion = "2.3.4"\n[tool.djdesk]\nname = "Bücher & Regale"\n'
        'id = "org.example.regale"\nsettings = "shelf.settings"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(sys, "prefix", str(backend / "python"))
    # The developer's commands are not part of a package.
    installed = [one for one in cli._installed() if not one.value.startswith("djdesk.tools")]
    monkeypatch.setattr(cli, "_installed", lambda: installed)
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == "regale 2.3.4\n"
    with pytest.raises(SystemExit):
        cli.main(["data", "--help"])
    cli.main([])
    assert cli.main(["data", "list", "--data-dir", str(tmp_path / "none")]) == 1
    said = capsys.readouterr()
    assert "regale: There is no data folder" in said.err
    assert "Bücher & Regale from the command line" in said.err
    assert "djdesk" not in (said.out + said.err).lower()
    assert diagnostics.file_name().startswith("regale-diagnostics-")


def test_the_app_here_has_commands_of_its_own(monkeypatch, tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "shelf"\n[project.entry-points."djdesk.commands"]\n'
        'lend = "shelf_lend:add_parser"\n[tool.djdesk]\nsettings = "shelf.settings"\n'
    )
    (tmp_path / "shelf_lend.py").write_text(
        "def add_parser(commands):\n"
        "    commands.add_parser('lend').set_defaults(run=lambda arguments: 7)\n"
    )
    monkeypatch.delenv("DJDESK_APP")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    assert cli.main(["lend"]) == 7
    monkeypatch.chdir(tmp_path.parent)
    with pytest.raises(SystemExit):
        cli.main(["lend"])


def test_where_there_is_no_app_its_commands_say_so(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("DJDESK_APP")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["data", "list"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"djdesk: There is no app in {tmp_path}") and "djdesk new" in said
