"""Review of a tender before publication: findings, justifications, the fair-competition form."""
