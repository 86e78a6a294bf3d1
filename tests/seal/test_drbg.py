"""HMAC-DRBG against NIST's published answers (CAVP, HMAC_DRBG.rsp, SHA-256, no reseed, no additional input)."""

from __future__ import annotations

import pytest

from yiwang.seal.drbg import HmacDrbg

# entropy, nonce, personalization, bits returned by the second call for 1024 bits
VECTORS = [
    (
        "ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488",
        "659ba96c601dc69fc902940805ec0ca8",
        "",
        "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89"
        "d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1"
        "07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"
        "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8",
    ),
    (
        "79737479ba4e7642a221fcfd1b820b134e9e3540a35bb48ffae29c20f5418ea3",
        "3593259c092bef4129bc2c6c9e19f343",
        "",
        "cf5ad5984f9e43917aa9087380dac46e410ddc8a7731859c84e9d0f31bd43655"
        "b924159413e2293b17610f211e09f770f172b8fb693a35b85d3b9e5e63b1dc25"
        "2ac0e115002e9bedfb4b5b6fd43f33b8e0eafb2d072e1a6fee1f159df9b51e6c"
        "8da737e60d5032dd30544ec51558c6f080bdbdab1de8a939e961e06b5f1aca37",
    ),
    (
        "451ed024bc4b95f1025b14ec3616f5e42e80824541dc795a2f07500f92adc665",
        "2f28e6ee8de5879db1eccd58c994e5f0",
        "",
        "3fb637085ab75f4e95655faae95885166a5fbb423bb03dbf0543be063bcd4879"
        "9c4f05d4e522634d9275fe02e1edd920e26d9accd43709cb0d8f6e50aa54a5f3"
        "bdd618be23cf73ef736ed0ef7524b0d14d5bef8c8aec1cf1ed3e1c38a808b35e"
        "61a44078127c7cb3a8fd7addfa50fcf3ff3bc6d6bc355d5436fe9b71eb44f7fd",
    ),
    (
        "5cacc68165a2e2ee20812f35ec73a79dbf30fd475476ac0c44fc6174cdac2b55",
        "6f885496c1e63af620becd9e71ecb824",
        "e72dd8590d4ed5295515c35ed6199e9d211b8f069b3058caa6670b96ef1208d0",
        "f1012cf543f94533df27fedfbf58e5b79a3dc517a9c402bdbfc9a0c0f721f9d5"
        "3faf4aafdc4b8f7a1b580fcaa52338d4bd95f58966a243cdcd3f446ed4bc546d"
        "9f607b190dd69954450d16cd0e2d6437067d8b44d19a6af7a7cfa8794e5fbd72"
        "8e8fb2f2e8db5dd4ff1aa275f35886098e80ff844886060da8b1e7137846b23b",
    ),
    (
        "8df013b4d103523073917ddf6a869793059e9943fc8654549e7ab22f7c29f122",
        "da2625af2ddd4abcce3cf4fa4659d84e",
        "b571e66d7c338bc07b76ad3757bb2f9452bf7e07437ae8581ce7bc7c3ac651a9",
        "b91cba4cc84fa25df8610b81b641402768a2097234932e37d590b1154cbd23f9"
        "7452e310e291c45146147f0da2d81761fe90fba64f94419c0f662b28c1ed94da"
        "487bb7e73eec798fbcf981b791d1be4f177a8907aa3c401643a5b62b87b89d66"
        "b3a60e40d4a8e4e9d82af6d2700e6f535cdb51f75c321729103741030ccc3a56",
    ),
]


@pytest.mark.parametrize(("entropy", "nonce", "personalization", "returned"), VECTORS)
def test_published_answers(entropy: str, nonce: str, personalization: str, returned: str) -> None:
    drbg = HmacDrbg(bytes.fromhex(entropy), bytes.fromhex(nonce), bytes.fromhex(personalization))
    drbg.generate(128)
    assert drbg.generate(128).hex() == returned


def test_numbers_stay_below_their_bound() -> None:
    drbg = HmacDrbg(bytes(32))
    for bound in (1, 2, 3, 255, 2**63 + 1, 2**64):
        assert all(0 <= drbg.below(bound) < bound for _ in range(50))


def test_too_large_numbers_are_thrown_away() -> None:
    # Just above half of the range every second try is refused; its remainder would be a small number twice as often.
    bound = 2**63 + 1
    raw, drbg = HmacDrbg(bytes(32)), HmacDrbg(bytes(32))
    tries = [int.from_bytes(raw.generate(8), "big") for _ in range(200)]
    kept = [number for number in tries if number < bound]
    assert 60 < len(kept) < 140
    assert [drbg.below(bound) for _ in kept] == kept


def test_limits() -> None:
    with pytest.raises(ValueError):
        HmacDrbg(bytes(31))
    drbg = HmacDrbg(bytes(32))
    for call in (lambda: drbg.generate(65537), lambda: drbg.below(0), lambda: drbg.below(2**64 + 1)):
        with pytest.raises(ValueError):
            call()
