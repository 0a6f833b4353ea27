"""What djust_engine costs beside Django: ``python -m benchmarks`` prints the ratios.

``cases_*`` say what is rendered and by whom, ``timing`` takes the samples in turn and compares the
outputs, ``report`` prints them. Nothing here asserts on time.
"""
