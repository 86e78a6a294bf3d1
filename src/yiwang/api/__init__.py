"""The JSON API under /api/v1/: reads, and every act of the transition tables. Thin: it only translates."""
