"""Which words stand in the picture when, how are they broken into lines, and how are they written down?

Pure: from lines of dialogue and the master's timeline to captions, and from captions to SRT, WebVTT and ASS.
"""
