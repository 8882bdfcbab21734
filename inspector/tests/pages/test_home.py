"""The home page."""

from djdesk.desktop import notices


def test_what_the_start_found_out_is_shown_until_dismissed(client, db):
    notices.add("place", "warning", "The data folder is <synced>.")
    try:
        assert "The data folder is &lt;synced&gt;." in client.get("/").content.decode()
        client.post("/desktop/notices/dismiss/", {"key": "place", "next": "/"})
        assert "&lt;synced&gt;" not in client.get("/").content.decode()
    finally:
        notices.dismiss("place")


def test_browsers_find_the_icon_by_themselves(client, db):
    response = client.get("/favicon.ico")
    assert response.status_code == 302 and response["Location"].endswith("inspector/icon.svg")
