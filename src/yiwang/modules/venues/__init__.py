"""Places and hours of the center: for now on which rest days it is open, on which workdays closed."""
