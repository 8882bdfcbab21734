"""Branch and commit of a folder, compared with git itself, and the effect of a damaged `.git`."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from projects import events, make

from inspector.engine.git import checkout

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="needs-package: git")
COMMIT = "1234567890abcdef1234567890abcdef12345678"


def git(folder, *words):
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "a.txt").write_text("a")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "one")
    return folder


def head(folder):
    return git(folder, "rev-parse", "HEAD")


@needs_git
def test_branch_and_commit_are_what_git_says(repository):
    assert checkout(repository) == {"branch": "main", "commit": head(repository)}
    (repository / "deep" / "er").mkdir(parents=True)
    assert checkout(repository / "deep" / "er") == checkout(repository)
    git(repository, "checkout", "-q", "-b", "feature/a")
    git(repository, "commit", "-q", "--allow-empty", "-m", "two")
    assert checkout(repository) == {"branch": "feature/a", "commit": head(repository)}


@needs_git
def test_packed_detached_unborn(repository, tmp_path):
    commit = head(repository)
    git(repository, "pack-refs", "--all")
    assert not (repository / ".git/refs/heads/main").exists()
    assert checkout(repository) == {"branch": "main", "commit": commit}
    git(repository, "checkout", "-q", "--detach")
    assert checkout(repository) == {"branch": "", "commit": commit}
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    git(fresh, "init", "-q", "-b", "trunk")
    assert checkout(fresh) == {"branch": "trunk", "commit": ""}


@needs_git
def test_a_worktree_has_a_head_of_its_own(repository, tmp_path):
    git(repository, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    git(tmp_path / "tree", "commit", "-q", "--allow-empty", "-m", "two")
    git(repository, "pack-refs", "--all")
    assert checkout(tmp_path / "tree") == {"branch": "other", "commit": head(tmp_path / "tree")}
    assert checkout(repository)["branch"] == "main"


@pytest.mark.parametrize(
    ("written", "branch", "commit"),
    [
        ("ref: refs/heads/main\n", "main", ""),
        ("ref: refs/heads/.invalid\n", "", ""),  # as written by reftable
        ("ref: refs/heads/../../secret\n", "", ""),
        ("ref: /etc/passwd\n", "", ""),
        (f"{COMMIT}\n", "", COMMIT),
        ("nonsense", "", ""),
        ("", "", ""),
    ],
)
def test_what_head_says_is_believed_only_as_far_as_it_is_one(tmp_path, written, branch, commit):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text(written)
    (tmp_path / ".git/refs/heads").mkdir(parents=True)
    (tmp_path / "secret").write_text(COMMIT)
    assert checkout(tmp_path) == {"branch": branch, "commit": commit}


def test_references_in_a_circle_end(tmp_path):
    heads = tmp_path / ".git/refs/heads"
    heads.mkdir(parents=True)
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/a\n")
    (heads / "a").write_text("ref: refs/heads/b\n")
    (heads / "b").write_text("ref: refs/heads/a\n")
    assert checkout(tmp_path) == {"branch": "a", "commit": ""}


def test_outside_of_a_repository_there_is_none(tmp_path):
    if any((parent / ".git").exists() for parent in tmp_path.parents):
        pytest.skip("the folder of temporary files lies in a repository")
    assert checkout(tmp_path) is None
    (tmp_path / ".git").write_text("gitdir: /nowhere/at/all\n")
    assert checkout(tmp_path) == {"branch": "", "commit": ""}


@needs_git
def test_every_inspection_says_it(tmp_path):
    root = make(tmp_path / "shop")
    git(root, "init", "-q", "-b", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "one")
    project = next(e for e in events(root) if e["event"] == "project")["data"]
    assert project["git"] == {"branch": "main", "commit": head(root)}
