"""What background jobs share. Each app keeps its own in `tasks.py`, where procrastinate finds them."""

from procrastinate import RetryStrategy

# For what may pass by itself, the database above all: again after 4, 16, 64 and 256 s.
RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)
