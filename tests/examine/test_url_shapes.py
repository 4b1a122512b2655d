"""Shapes of addresses: those reported match, ordinary ones do not."""

import random

import pytest
from tests.builders.files import examined, names_of

from seriema.examine.url_shapes import shape_of, shapes

TOKEN = "MDAwMSBf" + "aB3-" * 36


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/jadykf/btnryr.php?l=sojy1.cab", "cabinet-by-script"),
        ("/we20lo85/aio0i32p.php?l=nok12.cab", "cabinet-by-script"),
        (f"/blog/wp-content/themes/old/_aB3dE6gH9jK2mN5p.php?x={TOKEN}", "cms-script-with-token"),
        ("/wp-content/themes/old/index.php?x=1", None),
        ("/download/get.php?l=driver1.cab&k=2", None),
        ("/a/b.php?l=setup.cab", None),
    ],
)
def test_a_path_has_a_shape(path, shape):
    found = shape_of(f"http://a.test{path}")
    assert (found.name if found else None) == shape


def test_ordinary_addresses_have_none():
    draw = random.Random(5)
    words = [
        "index",
        "article",
        "view",
        "l",
        "x",
        "page",
        "id",
        "cab",
        "themes",
        "wp-content",
        "download",
        "a1",
        "news",
    ]
    paths = (
        f"/{draw.choice(words)}/{draw.choice(words)}{draw.choice(['', '2'])}.php?{draw.choice(words)}="
        f"{draw.choice(words)}{draw.choice(['', '7', '.html', '.zip', '&l=1'])}"
        for _ in range(100_000)
    )
    assert sum(1 for path in paths if shape_of(f"https://www.example.com{path}")) == 0


def test_every_shape_has_its_time_and_source():
    assert all(one.first <= one.last and one.source for one in shapes())


def test_a_file_that_leads_to_one_says_so():
    seen = examined(b"[InternetShortcut]\r\nURL=http://a.test/jadykf/btnryr.php?l=sojy1.cab\r\n", "a.url")
    assert "url.known-shape" in names_of(seen)
