/** Cyclic redundancy checks that Node.js does not have, least significant bit first, by tables of one byte. */

/** Castagnoli's polynomial, reversed: RFC 3720, appendix B.4. */
const CASTAGNOLI = 0x82f63b78;

/** CRC-64/NVME's polynomial, reversed, in two halves: NVM Express NVM Command Set Specification, section 5.2.1.3.4. */
const NVME_HIGH = 0x9a6c9329;
const NVME_LOW = 0xac4bc9b5;

let castagnoli: Uint32Array | undefined;
let nvme: { readonly high: Uint32Array; readonly low: Uint32Array } | undefined;

export function crc32c(bytes: Uint8Array): number {
  const table = castagnoli ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ CASTAGNOLI : remainder >>> 1;
    return remainder;
  });
  let remainder = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) remainder = table[(remainder ^ bytes[index]) & 0xff] ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}

/** Eight bytes, most significant first. Two 32-bit halves: a big integer a byte would be fifty times slower. */
export function crc64nvme(bytes: Uint8Array): Buffer {
  const { high: highs, low: lows } = nvme ??= nvmeTables();
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) {
    const entry = (low ^ bytes[index]) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ lows[entry];
    high = (high >>> 8) ^ highs[entry];
  }
  const result = Buffer.alloc(8);
  result.writeUInt32BE((high ^ 0xffffffff) >>> 0, 0);
  result.writeUInt32BE((low ^ 0xffffffff) >>> 0, 4);
  return result;
}

function nvmeTables(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let upper = 0;
    let lower = byte;
    for (let bit = 0; bit < 8; bit++) {
      const odd = lower & 1;
      lower = (lower >>> 1) | (upper << 31);
      upper >>>= 1;
      if (odd) {
        upper ^= NVME_HIGH;
        lower ^= NVME_LOW;
      }
    }
    high[byte] = upper;
    low[byte] = lower;
  }
  return { high, low };
}
