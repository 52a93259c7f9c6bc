import { ServiceError } from '../contracts';

type Input = Readonly<Record<string, unknown>>;

/** What a text member must be like. */
interface TextLimits {
  /** @default 1 */
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly oneOf?: readonly string[];
}

interface NumberLimits {
  readonly least?: number;
  readonly most?: number;
  readonly whole?: boolean;
}

/**
 * Reads the members of an input and collects everything that is wrong with it, so that one error says all of it.
 * Numbers and booleans may come as text, as CloudFormation templates have them.
 */
export class Members {
  private readonly read = new Set<string>();

  constructor(private readonly input: Input, readonly problems: string[] = [], private readonly path = '') {}

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  text(name: string, { atLeast = 1, atMost, oneOf }: TextLimits = {}): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.fail(name, 'must be text', value);
    if (oneOf && !oneOf.includes(value)) return this.fail(name, `must be one of ${oneOf.join(', ')}`, value);
    if (value.length < atLeast || value.length > (atMost ?? Infinity)) {
      const rule = atMost === undefined ? 'must not be empty' : `must have from ${atLeast} to ${atMost} characters`;
      return this.fail(name, rule, value.length);
    }
    return value;
  }

  number(name: string, { least = -Infinity, most = Infinity, whole = false }: NumberLimits = {}): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return this.fail(name, 'must be a number', value);
    if (whole && !Number.isInteger(number)) return this.fail(name, 'must be a whole number', value);
    if (number < least || number > most) {
      return this.fail(name, most === Infinity ? `must be at least ${least}` : `must be from ${least} to ${most}`, number);
    }
    return number;
  }

  boolean(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    return this.fail(name, 'must be true or false', value);
  }

  /** A moment in milliseconds: from epoch seconds, a Date, or text that a Date can be made of. */
  time(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const time = typeof value === 'number' ? value * 1000
      : value instanceof Date ? value.getTime()
        : typeof value === 'string' ? Date.parse(value) : NaN;
    return Number.isNaN(time) ? this.fail(name, 'must be a time', value) : time;
  }

  texts(name: string, atMost = Infinity): string[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) {
      this.fail(name, 'must be a list of text', value);
      return [];
    }
    if (value.length > atMost) this.fail(name, `must have at most ${atMost} entries`, value.length);
    return value as string[];
  }

  numbers(name: string, atMost: number): number[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value) || value.some((each) => !Number.isFinite(each))) {
      this.fail(name, 'must be a list of numbers', value);
      return [];
    }
    if (value.length > atMost) this.fail(name, `must have at most ${atMost} entries`, value.length);
    return value as number[];
  }

  /** The entries of a list of structures. */
  list(name: string): Members[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value) || value.some((each) => typeof each !== 'object' || each === null)) {
      this.fail(name, 'must be a list of structures', value);
      return [];
    }
    return (value as Input[]).map((each, index) => new Members(each, this.problems, `${this.path}${name}[${index}].`));
  }

  structure(name: string): Members | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail(name, 'must be a structure', value);
    return new Members(value as Input, this.problems, `${this.path}${name}.`);
  }

  /** `Dimensions` or another list of `Name` and `Value`, as an object. */
  dimensions(name = 'Dimensions'): Record<string, string> {
    const entries = this.list(name).map((each) => [each.required(each.text('Name', { atMost: 255 }), 'Name'),
      each.required(each.text('Value', { atMost: 1024 }), 'Value')] as const);
    if (entries.length > 30) this.fail(name, 'must have at most 30 entries', entries.length);
    return Object.fromEntries(entries);
  }

  /** Notes that a member which was read is missing. */
  required<Value>(value: Value | undefined, name: string): Value {
    if (value === undefined && !this.has(name)) this.problems.push(`'${this.path}${name}' is required`);
    return value as Value; // never used: finish() throws
  }

  problem(message: string): void {
    this.problems.push(message);
  }

  /** Refuses the members that nobody read: what is not modelled is never ignored. */
  nothingElse(rule = 'is not modelled by the simulator'): void {
    for (const [name, value] of Object.entries(this.input)) {
      if (value !== undefined && !this.read.has(name)) this.problems.push(`'${this.path}${name}' ${rule}`);
    }
  }

  /** Throws one error with everything that was wrong. */
  finish(code = 'ValidationError'): void {
    if (this.problems.length > 0) throw new ServiceError(code, [...new Set(this.problems)].join('; '));
  }

  private raw(name: string): unknown {
    this.read.add(name);
    return this.input[name] ?? undefined;
  }

  private fail(name: string, rule: string, value: unknown): undefined {
    const shown = typeof value === 'string' ? `'${value}'` : typeof value === 'number' ? String(value) : JSON.stringify(value);
    this.problems.push(`'${this.path}${name}' ${rule}, got ${shown}`);
    return undefined;
  }
}
