import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Every identifier and every choice of a simulation comes from here: the same seed gives the same run. */
export class Random {
  private readonly generator;

  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  /** A whole number from 0 to `below` - 1; `below` at most 2^32. */
  integer(below: number): number {
    return Math.floor(((this.generator.next() >>> 0) / 2 ** 32) * below);
  }

  /** `length` hexadecimal digits. */
  hex(length: number): string {
    let digits = '';
    while (digits.length < length) digits += (this.generator.next() >>> 0).toString(16).padStart(8, '0');
    return digits.slice(0, length);
  }

  /** A version 4 UUID, the form of message and request IDs. */
  uuid(): string {
    const digits = this.hex(32);
    const variant = '89ab'[this.integer(4)];
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
  }
}
