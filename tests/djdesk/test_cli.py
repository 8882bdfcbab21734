from importlib.metadata import EntryPoint

from djdesk import cli


def test_without_a_command_the_help_is_shown(monkeypatch, capsys):
    monkeypatch.setattr(cli, "_installed", list)
    assert cli.main([]) == 2
    assert "usage: djdesk" in capsys.readouterr().err


def test_a_command_whose_package_is_gone_is_left_out(capsys):
    gone = EntryPoint("inspect", "no_such_package.cli:add_parser", cli.GROUP)
    parser = cli.build_parser([gone])
    assert "inspect is left out" in capsys.readouterr().err
    assert parser.parse_args([]).command is None
