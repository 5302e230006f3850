"""Compiles the catalogues of translations into what is built, and writes what it is made of into a
wheel's metadata; the rest stands in pyproject.toml.
"""

import runpy
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py


class WithCatalogues(build_py):
    def run(self) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for path in Path("bookme/translations").glob("*/LC_MESSAGES/*.po"):
            with path.open("rb") as said, path.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(said, locale=path.parents[1].name))
        super().run()


class WithMaterials(bdist_wheel):
    def write_wheelfile(self, wheelfile_base: str, **kwargs: str) -> None:
        super().write_wheelfile(wheelfile_base, **kwargs)
        # Not imported: the package around it needs more than there is while a wheel is built.
        bill = runpy.run_path("bookme/materials/bill.py")
        path = Path(wheelfile_base, bill["NAME"])
        path.parent.mkdir()
        version = self.distribution.get_version()
        path.write_text(bill["document"](Path("requirements.txt").read_text(), version))


setup(cmdclass={"build_py": WithCatalogues, "bdist_wheel": WithMaterials})
