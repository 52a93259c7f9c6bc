/** A moment as CloudWatch writes it in notifications: `2026-11-22T18:05:00.000+0000`. */
export function timestamp(time: number): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}

/** A moment as the API's JSON has it: seconds since the epoch. */
export function epochSeconds(time: number): number {
  return time / 1000;
}
