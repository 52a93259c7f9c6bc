import type { Random } from '../random';

const hexadecimal = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const hyphen = '-'.charCodeAt(0);
const hyphens = new Set([8, 13, 18, 23]);
/** Where the 32 digits of a UUID stand among its 36 characters. */
const positions = Array.from({ length: 36 }, (_, index) => index).filter((index) => !hyphens.has(index));
const version = 12;
const variant = 16;

/** Message IDs of the form that `Random.uuid` has, written into one buffer: at hundreds of thousands a second the strings count. */
export class Identifiers {
  private readonly characters = Buffer.alloc(36, hyphen);

  constructor(private readonly random: Random) {}

  uuid(): string {
    const { characters } = this;
    for (let word = 0; word < 4; word++) {
      let bits = this.random.integer(2 ** 32) | 0;
      for (let digit = word * 8; digit < word * 8 + 8; digit++) {
        characters[positions[digit]] = hexadecimal[bits & 15];
        bits >>>= 4;
      }
    }
    characters[positions[version]] = hexadecimal[4];
    characters[positions[variant]] = hexadecimal[8 + (this.random.integer(4))];
    return characters.toString('latin1');
  }

  /** `length` hexadecimal digits. */
  hex(length: number): string {
    return this.random.hex(length);
  }
}
