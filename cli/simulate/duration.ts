import { InvalidArgumentError } from 'commander';

const milliseconds = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `15m`, `2h` or `1d`. @throws for anything else */
export function duration(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const length = Number(count) * milliseconds[unit as keyof typeof milliseconds];
  if (!(length > 0 && length <= 366 * milliseconds.d)) throw new InvalidArgumentError('It must be from 1s to 366d, such as 90s, 15m, 2h or 1d.');
  return length;
}
