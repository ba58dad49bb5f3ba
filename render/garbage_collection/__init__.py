"""Which blobs does nothing refer to any more, and how are they removed?"""
