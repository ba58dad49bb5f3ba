"""Which blobs does nothing refer to? They are removed by `tailframe gc`, and by nothing else.

A wrong removal loses a clip that was paid for, so everything that is in doubt stays. What refers to blobs, and where
each module that puts one writes down its name:

    flows.cli.archive_cmd               all of an archive that comes back: its takes; a snapshot's tree; its output
    flows.doctor.locations              a trial, which nothing refers to
    flows.review.made_media             what browsers show: recipes
    render.captions.caption_files       subtitles: the manifest in the output folder
    render.clips.continuity_media       the last seconds of clips: recipes, and requests that send them
    render.clips.download               clips: their takes
    render.clips.kept_stills            single frames: recipes, and requests that send them
    render.deliveries.stored_deliveries deliveries and what is known of them: recipes
    render.episode.archive.rejoin_project  as flows.cli.archive_cmd
    render.episode.cutting_room         conformed pieces, transitions, cards, blocks of sound: recipes
    render.episode.episode_poster       posters: recipes
    render.episode.master_cut           masters: named by what is known of them
    render.episode.master_sound         stems: recipes
    render.episode.output_folder        the contact sheet: the output folder, by its bytes
    render.episode.planned_master       what is known of masters: recipes
    render.episode.subtitle_files       subtitles: the manifest in the output folder
    render.references.publish           references that were made to fit: recipes
    render.references.url_references    what links held: recipes, which are kept for ever
    render.review_file.review_media     small clips and posters: recipes
    render.store.snapshot               a project's files and the tree that names them: snapshots

A test holds this list against the code. **Named** is any name of a blob in any text of any table of the ledger but
that of recipes, whatever it means there (`render.ledger.blob_queries.named_digests`): clips of takes of every state,
rejected ones too, references in requests, continuity frames, approvals, messages. Named is also what stands in the
trees of all snapshots, and in the manifests of output folders. **Recipes** (the table `derived`) say which blob
something gave that can be made again. Each remembers when it was last wanted, to the day; all of a cut's are marked
by one write at its end. One of a kind that nobody knows, and what a link held, count as named; that an episode was
finished is remembered, whether its master is there or not.

**Age.** Nothing goes that was put within a day, by the clock of the store: the time of a file or an object. Whoever
puts what is there already makes it young again, where it is older than half a day. So a run that leaves an upload out
because the blob is there has half a day at the least to write its name down. What is listed as old is looked at once
more when it goes. In a folder that is done under a lock, under which whoever puts it makes it young. S3 has nothing
like it: between its last listing and the removal pass some tens of milliseconds, in which a writer may be told that
the blob is there. Then it is missing, and is made or put again by the next run: no clip of a take is ever among what
may go.

**Two steps, a day apart.** A run finds a blob by its recipe and uses it for hours. So the blobs of a recipe that
nobody wants are made young first; then the recipe is forgotten, in a transaction that looks once more when it was
wanted; and only what nothing refers to a day later is removed. A run that found the recipe has that day. One that
begins meanwhile finds no recipe, makes the blob anew and puts it, which makes it young. Ended anywhere in between,
the recipe stands with its blob, or the blob is unreferenced and goes later. And whoever reads a recipe asks the
store, and makes what is gone.

**Orders that are out.** A clip is put before its take says so. While a take is at a vendor, nothing goes that was put
since the oldest of those orders left.

**Whose store.** A store may be used by many series and, by its address, by many ledgers. Each run leaves its name
there (`Store.note_user`), and so does each take that comes back from an archive. Nothing is removed while a name is
there that none of the given ledgers knows. That finds out other ledgers, and also a ledger that is a copy, was lost
and begun anew, or comes from a backup: what the runs that it does not know have paid for is in the store alone. What
was put before the first name was left goes only on a person's word that no other ledger ever used the store; and so
does everything in a store that is not the project's own, as an earlier version leaves no names. Of the names, the
oldest and each ledger's newest are kept.
"""

from __future__ import annotations
