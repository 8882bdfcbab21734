"""The software bill of materials: CycloneDX 1.6, JSON."""

from __future__ import annotations

import base64
import re
import uuid
from datetime import UTC, datetime
from typing import Any

from .parts import Part

# An SPDX identifier or simple expression; anything else is a name.
SPDX = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")


def bill(parts: list[Part], manifest: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    """Reproducible: the serial number and the time are derived from the listed parts."""
    listed = [_component(part) for part in parts]
    seed = f"{manifest['commit']} {manifest['platform']} {[c['purl'] for c in listed]}"
    stamp = datetime.fromtimestamp(manifest["source_date_epoch"], UTC)
    app = {
        "type": "application",
        "bom-ref": about["id"],
        "name": about["name"],
        "version": manifest["version"],
        "properties": [{"name": "commit", "value": manifest["commit"]}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, seed)}",
        "version": 1,
        "metadata": {"timestamp": stamp.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": app},
        "components": listed,
        "dependencies": [{"ref": about["id"], "dependsOn": [c["bom-ref"] for c in listed]}],
    }


def _component(part: Part) -> dict[str, Any]:
    value: dict[str, Any] = {
        "type": "framework" if part.name in {"Electron", "Django"} else "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
    }
    if part.license:
        if " " in part.license and SPDX.fullmatch(part.license):
            value["licenses"] = [{"expression": part.license}]
        elif SPDX.fullmatch(part.license):
            value["licenses"] = [{"license": {"id": part.license}}]
        else:
            value["licenses"] = [{"license": {"name": part.license}}]
    hashes = [_hash(text) for text in part.hashes]
    if hashes:
        value["hashes"] = hashes
    return value


def _hash(integrity: str) -> dict[str, str]:
    """Parse npm's ``sha512-<base64>``."""
    kind, _, text = integrity.partition("-")
    content = base64.b64decode(text).hex()
    return {"alg": kind.upper().replace("SHA", "SHA-"), "content": content}
