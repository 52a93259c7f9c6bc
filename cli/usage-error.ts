/** What the user asked for cannot be done as asked: shown as one line, exit status 2. */
export class UsageError extends Error {}
