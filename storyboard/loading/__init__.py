"""What does a folder of YAML say? A `Project`, or every mistake in it at once.

`load_project` is for work: it gives a project without a mistake, or raises `InvalidProject`. `load_leniently` is for
`tailframe check`: it takes out what is wrong and gives the healthy rest, so that later checks can go on with it.
"""

from __future__ import annotations

from storyboard.loading.folder import load_leniently, load_project
from storyboard.loading.project import Project

__all__ = ["Project", "load_leniently", "load_project"]
