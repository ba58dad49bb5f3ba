"""What stands where in the master, and which part of which clip is seen there, in frames and samples?"""
