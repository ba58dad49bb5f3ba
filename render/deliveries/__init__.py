"""How is what a producer hands over made of the master, and is each file what was asked for?"""
