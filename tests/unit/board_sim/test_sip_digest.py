"""Digest authentication against the examples printed in the RFCs."""

from __future__ import annotations

import pytest

from board.sim.sip_digest import Credentials, NoUsableChallenge, answer, choose, parse_challenge

MUFASA = Credentials("Mufasa", "Circle Of Life")


def test_rfc_2617_section_3_5() -> None:
    challenge = parse_challenge(
        'Digest realm="testrealm@host.com", qop="auth,auth-int", '
        'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    value = answer(challenge, MUFASA, "GET", "/dir/index.html", cnonce="0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in value
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in value
    assert "nc=00000001" in value


def test_rfc_7616_section_3_9_1_sha_256() -> None:
    challenge = parse_challenge(
        'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    who = Credentials("Mufasa", "Circle of Life")
    value = answer(
        challenge, who, "GET", "/dir/index.html", cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    )
    assert 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"' in value


def test_without_qop_as_rfc_2069() -> None:
    challenge = parse_challenge(
        'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    )
    value = answer(challenge, MUFASA, "GET", "/dir/index.html")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in value
    assert "qop" not in value
    assert "cnonce" not in value


def test_the_first_usable_challenge_is_answered() -> None:
    chosen = choose(['Basic realm="x"', 'Digest realm="x", nonce="1", algorithm=SHA-512-256',
                     'Digest realm="x", nonce="2", algorithm=SHA-256', 'Digest realm="x", nonce="3"'])  # fmt: skip
    assert (chosen.nonce, chosen.algorithm) == ("2", "SHA-256")


@pytest.mark.parametrize(
    "value", ["", "Digest", 'Digest realm="x"', 'Digest realm="x", nonce="1", qop="auth-int"', "Bearer abc"]
)
def test_what_cannot_be_answered_is_refused(value: str) -> None:
    with pytest.raises(NoUsableChallenge):
        choose([value])


def test_a_stale_nonce_and_escaped_quotes_are_read() -> None:
    challenge = parse_challenge('Digest realm="a \\"b\\", c", nonce="1", stale=TRUE')
    assert challenge.stale
    assert challenge.realm == 'a \\"b\\", c'
