"""What stands where in a master, in frames and samples?"""
