"""The bill of materials of a package, for machines: CycloneDX 1.6 in JSON."""

import platform
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as BomComponent
from cyclonedx.model.component import ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from components import Component
from project import Project, source_date


def write(project: Project, components: Sequence[Component], target: str, out: Path) -> None:
    """Write the bill of `components` of the package for `target` ("linux-x86_64") to `out`. The same ones give the same
    bytes. SystemExit where the schema refuses it."""
    root = BomComponent(
        type=ComponentType.APPLICATION,
        name=project.command,
        version=project.version,
        bom_ref=project.command,
        description=project.summary,
        licenses=[LicenseFactory().make_from_string(project.licence)],
        purl=PackageURL("pypi", name=project.command, version=project.version),
        supplier=OrganizationalEntity(name=project.publisher),
    )
    parts = [_part(component) for component in components]
    bom = Bom(components=parts)
    bom.metadata.component, bom.metadata.timestamp = root, source_date()
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"{project.url}#{project.version}-{target}-{source_date()}")
    bom.register_dependency(root, parts)
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"The bill of materials is not valid: {problem}")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text + "\n", encoding="utf-8")


def _part(component: Component) -> BomComponent:
    # Debian, or Ubuntu: whose packages the libraries were taken from.
    namespace = platform.freedesktop_os_release()["ID"] if component.kind == "deb" else None
    name = component.name.lower().replace("_", "-") if component.kind == "pypi" else component.name
    purl = PackageURL(component.kind, namespace=namespace, name=name, version=component.version)
    links = [ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(component.url))] if component.url else []
    return BomComponent(
        type=ComponentType.LIBRARY,
        name=component.name,
        version=component.version,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(component.licence)],
        external_references=links,
    )
