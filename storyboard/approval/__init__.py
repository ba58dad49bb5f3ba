"""What is approved before it is paid for, by which hash, what changed since, and what does an approval cover? Pure."""
