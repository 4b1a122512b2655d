"""RAR's derivations and checksums against what their specifications print and an independent, slow telling of them."""

import hashlib
import os

import pytest
from tests.builders.rars import SALT, check_value, keys3, stage

from seriema.model.errors import LimitReached, Unsupported
from seriema.unlock.rar.blake2sp import Blake2sp
from seriema.unlock.rar.entries import Cipher
from seriema.unlock.rar.keys import Keys, derivation_cost, derived, fitting5, lock_of


@pytest.mark.parametrize("password", ["a", "777", "Größe7é", "x" * 28])
def test_keys_of_rar_3_are_those_of_the_technote(password: str) -> None:
    keys = derived(password, Cipher(29, SALT[:8]))
    assert (keys.key, keys.iv) == keys3(password, SALT[:8])


def test_keys_of_rar_5_are_stages_of_one_derivation() -> None:
    cipher = Cipher(50, SALT, 6, check_value("777", 6)[:8])
    keys = derived("777", cipher)
    assert (keys.key, keys.hash_key) == (stage("777", 0, 6), stage("777", 16, 6))
    assert [fitting5(each, cipher) for each in ("777", "778")] == [True, False]


def test_iterations_cost_what_they_take_and_have_an_end() -> None:
    assert derivation_cost(Cipher(50, SALT, 16)) > 1.9 * derivation_cost(Cipher(50, SALT, 15))
    with pytest.raises(Unsupported, match="iterations"):
        lock_of(Cipher(50, SALT, 25), Keys(), 0.0)


def test_an_archive_has_few_salts() -> None:
    keys = Keys()
    for number in range(64):
        keys.of("777", Cipher(50, bytes([number]) * 16, 1))
    keys.of("777", Cipher(50, bytes(16), 1))
    with pytest.raises(LimitReached, match="salts"):
        keys.of("777", Cipher(50, bytes([64]) * 16, 1))


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "dd0e891776933f43c7d032b08a917e25741f8aa9a12c12e1cac8801500f2ca4f"),
        (bytes([0]), "a6b9eecc25227ad788c99d3f236debc8da408849e9a5178978727a81457f7239"),
    ],
)
def test_blake2sp_is_that_of_its_test_vectors(data: bytes, digest: str) -> None:
    tree = Blake2sp()
    tree.update(data)
    assert tree.digest().hex() == digest


def test_blake2sp_does_not_depend_on_how_data_comes_in() -> None:
    data, digests = os.urandom(5000), set()
    for step in (1, 63, 64, 511, 512, 513, 5000):
        tree = Blake2sp()
        for at in range(0, len(data), step):
            tree.update(data[at : at + step])
        digests.add(hashlib.sha256(tree.digest()).hexdigest())
    assert len(digests) == 1
