"""Compiles the catalogues of translations into what is built; the rest stands in pyproject.toml."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithCatalogues(build_py):
    def run(self) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for path in Path("bookme/translations").glob("*/LC_MESSAGES/*.po"):
            with path.open("rb") as said, path.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(said, locale=path.parents[1].name))
        super().run()


setup(cmdclass={"build_py": WithCatalogues})
