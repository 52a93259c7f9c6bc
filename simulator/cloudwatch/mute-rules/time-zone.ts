const MINUTE = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** A time zone by its name, `Europe/London` for example. Moments on its clocks are written as if they were UTC, in milliseconds. */
export class TimeZone {
  private readonly format: Intl.DateTimeFormat;

  /** @throws RangeError for a name that is no time zone's */
  constructor(name: string) {
    let format = formats.get(name);
    if (!format) {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
      });
      formats.set(name, format);
    }
    this.format = format;
  }

  /** What the clocks show at a moment, to the minute. */
  local(moment: number): number {
    const part = Object.fromEntries(this.format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
  }

  /** The moment at which the clocks show a time; where they are put forward past it, the moment after. */
  moment(local: number): number {
    const guess = local - this.offset(local);
    return local - this.offset(guess);
  }

  private offset(moment: number): number {
    return this.local(moment) - Math.floor(moment / MINUTE) * MINUTE;
  }
}
