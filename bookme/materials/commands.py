"""``bookme sbom``: print the bill of materials."""

from importlib import metadata

import click

from bookme import config
from bookme.materials import bill
from bookme.version import VERSION


@click.command("sbom")
def sbom() -> None:
    """Print the software bill of materials (CycloneDX, JSON).

    An installed BookMe prints the one that was made with it; a checkout makes one of what it pins.
    """
    click.echo(_built() or _made(), nl=False)


def _built() -> str | None:
    try:
        return metadata.distribution("bookme").read_text(bill.NAME)
    except metadata.PackageNotFoundError:
        return None


def _made() -> str:
    try:
        pinned = (config.ROOT / "requirements.txt").read_text()
    except FileNotFoundError as error:
        raise click.ClickException("This BookMe was installed without one.") from error
    return bill.document(pinned, VERSION)
