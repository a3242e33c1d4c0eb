"""The bench: this server and its peers side by side, on the real data and on generated data of the same shape."""
