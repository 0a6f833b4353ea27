"""What goes wrong around the engine: servers, file systems, other processes, many threads."""
