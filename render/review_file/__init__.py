"""How does somebody review an episode without the network? As one signed page; what comes back is checked and read.

`review_media` makes small clips and posters, `review_sheet` says what the page shows, and `review_page` writes it.
`review_statement` is what left, signed; `notes_file` reads what came back, and `returned_notes` holds it against that.
"""

from __future__ import annotations
