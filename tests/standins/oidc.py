"""An OpenID provider as a process of its own: authorization code with PKCE, discovery, keys.

`python tests/standins/oidc.py PORT CLIENT_ID SECRET`. Built on Authlib; what it signs can be made
wrong in every way that a client must notice (`/control`).
"""

import os
import sys
import time
from typing import Any

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import jwt
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, Response, jsonify, redirect, request

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KID = "standin-1"
PAGE = """<!doctype html><html lang="zh-CN"><title>渝快办</title><h1>渝快办</h1>
<form method="post"><button name="act" value="yes">同意登录</button>
<button name="act" value="no">不同意</button></form></html>"""

app = Flask(__name__)
app.secret_key = "only-for-the-tests"
codes: dict[str, Any] = {}
tokens: dict[str, dict[str, Any]] = {}
told: dict[str, Any] = {}


class Client:
    def __init__(self, client_id: str, secret: str) -> None:
        self.client_id, self.secret = client_id, secret

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri.endswith("/signin/outside/return/")

    def check_client_secret(self, secret: str) -> bool:
        return secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in {"client_secret_post", "client_secret_basic"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code:
    def __init__(self, code: str, payload: Any, claims: dict[str, Any]) -> None:
        self.code, self.claims = code, claims
        self.redirect_uri, self.scope = payload.redirect_uri, payload.scope
        self.nonce = payload.data.get("nonce")
        self.code_challenge = payload.data.get("code_challenge")
        self.code_challenge_method = payload.data.get("code_challenge_method")
        self.auth_time = int(time.time())

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post", "client_secret_basic"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        codes[code] = Code(code, request.payload, request.user)

    def query_authorization_code(self, code: str, client: Any) -> Any:
        return codes.get(code)

    def delete_authorization_code(self, authorization_code: Any) -> None:
        codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code: Any) -> Any:
        return authorization_code.claims


class SignedCode(OpenIDCode):
    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def generate_user_info(self, user: Any, scope: str) -> Any:
        return UserInfo(user)

    def process_token(self, grant: Any, response: Any) -> None:
        _status, token, _headers = response
        code = grant.request.authorization_code
        token["id_token"] = id_token(code)
        tokens[token["access_token"]] = code.claims


def id_token(code: Code) -> str:
    """As it should be, or with the one fault that was asked for."""
    now, fault = int(time.time()), told.get("fault", "")
    in_token = {k: v for k, v in code.claims.items() if k not in told.get("only_userinfo", [])}
    claims = {
        "iss": app.config["ISSUER"],
        "aud": app.config["CLIENT"].client_id,
        "iat": now,
        "exp": now + 300,
        "nonce": code.nonce,
        **in_token,
    }
    claims |= {
        "issuer": {"iss": "http://127.0.0.1:9/"},
        "audience": {"aud": "somebody-else"},
        "audiences": {"aud": [claims["aud"], "x"], "azp": "somebody-else"},
        "expired": {"exp": now - 120, "iat": now - 400},
        "future": {"iat": now + 900},
        "nonce": {"nonce": "another"},
        "no-nonce": {"nonce": None},
    }.get(fault, {})
    if fault == "no-expiry":
        del claims["exp"]
    if fault == "none":
        return jwt.encode(claims, None, algorithm="none", headers={"kid": KID})
    if fault == "hs256":
        secret = app.config["CLIENT"].secret.ljust(40, "x")
        return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": KID})
    if fault == "rs512":
        return jwt.encode(claims, KEY, algorithm="RS512", headers={"kid": KID})
    key = OTHER_KEY if fault == "signature" else KEY
    kid = {"kid": "unknown"} if fault == "kid" else {} if fault == "no-kid" else {"kid": KID}
    return jwt.encode(claims, key, algorithm="RS256", headers=kid)


server = AuthorizationServer()


@app.get("/.well-known/openid-configuration")
def discovery() -> Response:
    issuer = app.config["ISSUER"]
    said = {
        "issuer": "http://127.0.0.1:9" if told.get("fault") == "discovery" else issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/keys",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "code_challenge_methods_supported": ["S256"],
    }
    if told.get("fault") == "plain-http":
        said["token_endpoint"] = "http://198.51.100.7/token"
    return jsonify(said)


@app.get("/keys")
def keys() -> Response:
    one = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    return jsonify({"keys": [{**one, "kid": KID, "use": "sig", "alg": "RS256"}]})


@app.get("/authorize")
def ask() -> Any:
    grant = server.get_consent_grant(end_user=told.get("claims"))
    if told.get("page"):
        return PAGE
    if told.get("fault") == "denied":
        return redirect(f"{grant.request.payload.redirect_uri}?error=access_denied&state={state()}")
    return server.create_authorization_response(grant=grant, grant_user=told["claims"])


@app.post("/authorize")
def decide() -> Any:
    if request.form.get("act") == "yes":
        grant = server.get_consent_grant(end_user=told["claims"])
        return server.create_authorization_response(grant=grant, grant_user=told["claims"])
    return redirect(f"{request.args['redirect_uri']}?error=access_denied&state={state()}")


def state() -> str:
    return request.args.get("state", "")


@app.post("/token")
def exchange() -> Any:
    if told.get("fault") == "broken-token":
        return Response("oops", status=500)
    return server.create_token_response()


@app.get("/userinfo")
def userinfo() -> Any:
    claims = tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if claims is None:
        return Response(status=401)
    return jsonify({**claims, **({"sub": "another"} if told.get("fault") == "userinfo" else {})})


@app.post("/control")
def control() -> Response:
    told.clear()
    told.update(request.get_json())
    return jsonify({})


def main(port: int, client_id: str, secret: str) -> None:
    app.config["ISSUER"] = f"http://127.0.0.1:{port}"
    app.config["CLIENT"] = Client(client_id, secret)
    server.init_app(
        app,
        query_client=lambda name: app.config["CLIENT"] if name == client_id else None,
        save_token=lambda token, request: None,
    )
    server.register_grant(CodeGrant, [CodeChallenge(required=True), SignedCode(require_nonce=True)])
    app.run("127.0.0.1", port, threaded=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
