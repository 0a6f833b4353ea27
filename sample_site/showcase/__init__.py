"""What shows the engine at work: the sample rows, and the comparison of both engines."""
