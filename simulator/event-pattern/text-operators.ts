import { BlockList, isIP } from 'node:net';
import type { Predicate } from './index';

type TextTest = (value: string) => boolean;

const plain: Readonly<Record<string, (operand: string) => TextTest>> = {
  prefix: (operand) => (value) => value.startsWith(operand),
  suffix: (operand) => (value) => value.endsWith(operand),
  'equals-ignore-case': (operand) => (value) => value.toLowerCase() === operand.toLowerCase(),
};

/** The test of one text by an operator that compares texts; `path` names the operator in errors. */
export function compileText(operator: string, operand: unknown, path: string, ignoringCase: readonly string[]): Predicate {
  const test = testOf(operator, operand, path, ignoringCase);
  return (value) => typeof value === 'string' && test(value);
}

function testOf(operator: string, operand: unknown, path: string, ignoringCase: readonly string[]): TextTest {
  if (ignoringCase.includes(operator) && typeof operand === 'object' && operand !== null) {
    const entries = Object.entries(operand) as [string, unknown][];
    if (entries.length !== 1 || entries[0][0] !== 'equals-ignore-case') {
      throw new Error(`'${path}' must be a text or {"equals-ignore-case": text}, got ${JSON.stringify(operand)}`);
    }
    const test = plain[operator](text(entries[0][1], path).toLowerCase());
    return (value) => test(value.toLowerCase());
  }
  const given = text(operand, path);
  if (operator === 'wildcard') return wildcard(given, path);
  if (operator === 'cidr') return cidr(given, path);
  return plain[operator](given);
}

function text(operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw new Error(`'${path}' must be a text, got ${JSON.stringify(operand)}`);
  return operand;
}

/** A backslash takes an asterisk or a backslash literally, and nothing else. */
function wildcard(pattern: string, path: string): TextTest {
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index];
    if (character === '\\') {
      const next = pattern[++index];
      if (next !== '*' && next !== '\\') throw new Error(`'${path}' must have a backslash only before * or another backslash, got ${JSON.stringify(pattern)}`);
      source += `\\${next}`;
    } else if (character === '*') {
      if (pattern[index + 1] === '*') throw new Error(`'${path}' must not have two wildcards in a row, got ${JSON.stringify(pattern)}`);
      source += '.*';
    } else {
      source += character.replace(/[.+?^${}()|[\]/-]/, '\\$&');
    }
  }
  const compiled = new RegExp(`^${source}$`, 's');
  return (value) => compiled.test(value);
}

function cidr(block: string, path: string): TextTest {
  const [address, bits, ...rest] = block.split('/');
  const version = isIP(address);
  const most = version === 6 ? 128 : 32;
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits ?? '') || Number(bits) > most) {
    throw new Error(`'${path}' must be a block of IP addresses such as 10.0.0.0/24, got ${JSON.stringify(block)}`);
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const network = new BlockList();
  network.addSubnet(address, Number(bits), family);
  return (value) => network.check(value, family);
}
