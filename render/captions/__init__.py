"""How do captions come to a viewer: as files, as tracks in the master, and as letters in its picture?

And when does anybody speak in a clip, where the storyboard does not say so.
"""
