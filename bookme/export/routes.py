"""Taking along all that BookMe keeps of a host."""

import json

from flask import Blueprint, Response

from bookme.accounts import access, proving
from bookme.clock import utcnow
from bookme.export import service

bp = Blueprint("export", __name__)


@bp.get("/account/export")
@access.login_required
@proving.required("accounts.data", only_with_factor=True)
def download() -> Response:
    """All of it as one file."""
    kept = json.dumps(service.of_host(access.host(), now=utcnow()), indent=2, ensure_ascii=False)
    disposition = {"Content-Disposition": 'attachment; filename="bookme.json"'}
    return Response(kept + "\n", mimetype="application/json", headers=disposition)
