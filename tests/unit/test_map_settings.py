"""The content policy lets in the hosts of the map tiles and no others."""

import pytest

from config.settings.maps import origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://t0.tianditu.gov.cn/vec_w/wmts?TILEROW={y}", "https://t0.tianditu.gov.cn"),
        ("https://t{0-7}.tianditu.gov.cn/vec_w/wmts?tk=k", "https://*.tianditu.gov.cn"),
        ("https://{a-c}.tiles.example:8443/{z}/{x}/{y}", "https://*.tiles.example:8443"),
    ],
)
def test_a_host_is_let_in_by_its_origin(address: str, origin: str):
    assert origin_of(address) == origin
