"""What may be asked for on the network, and how? Checked addresses, proxies, bounded answers, downloads."""
