"""What the Open311 interface says of this installation, and where its matters can lie."""

import os

# Degrees, WGS 84: west, south, east, north. Generously around the municipality: every seat point of
# seed/chongqing_town_points_geonames.csv lies at least a fifth of a degree inside (a test looks).
OPEN311_BOX = tuple(
    float(edge) for edge in os.environ.get("OPEN311_BOX", "105.0,27.9,110.4,32.4").split(",")
)
OPEN311_CONTACT = os.environ.get("OPEN311_CONTACT", "本平台的安全管理员，见 /api/open311/docs")
OPEN311_KEY_SERVICE = os.environ.get("OPEN311_KEY_SERVICE", "向本地安全管理员申请接口密钥")
