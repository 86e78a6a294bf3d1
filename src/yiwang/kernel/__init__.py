"""Pure building blocks without Django: text, time, money, rules, transitions, canonical JSON."""
