import {
  CAME_FROM, CAUSED, type Journal, numberOf, OTHER_IF_KNOWN, type RowReader, SUBJECT_IF_KNOWN, type TakeRow, type TraceAction,
} from '../journal';
import { type Row, TraceLog } from './log';

/**
 * Finds what the journal says of a message or an invocation. From the first question on that takes an index of the subjects and
 * some 36 bytes a row.
 */
export class TraceRecorder {
  private readonly unread: RowReader;
  private readonly log = new TraceLog();
  private readonly subjects = new Map<string, number>();
  private readonly ids: string[] = [];
  private readonly texts: string[] = [];
  private readonly textNumbers = new Map<string, number>();

  constructor(journal: Journal) {
    this.unread = journal.reader();
  }

  /** The rows of a message or an invocation, oldest first. */
  rows(subject: number): Row[] {
    return this.log.rows(subject);
  }

  /** Of an ID, with everything that has happened by now; undefined where that is nothing. */
  subject(id: string): number | undefined {
    this.unread.drain(this.index);
    return this.subjects.get(id);
  }

  id(subject: number): string {
    return this.ids[subject];
  }

  text(number: number): string | undefined {
    return this.texts[number];
  }

  is(row: Row, kind: TraceAction | 'caused' | 'cameFrom'): boolean {
    return row.action === (kind === 'caused' ? CAUSED : kind === 'cameFrom' ? CAME_FROM : numberOf[kind]);
  }

  private readonly index: TakeRow = (code, at, subject, resource, other, detail, count) => {
    if ((code & SUBJECT_IF_KNOWN) !== 0 && !this.subjects.has(subject)) return;
    const from = this.known(subject);
    const to = other === undefined ? -1 : (code & OTHER_IF_KNOWN) !== 0 ? this.subjects.get(other) ?? -1 : this.known(other);
    this.log.append(from, at, code & (SUBJECT_IF_KNOWN - 1), this.number(resource), to, this.number(detail), count);
  };

  private known(id: string): number {
    let subject = this.subjects.get(id);
    if (subject === undefined) {
      subject = this.log.subject();
      this.subjects.set(id, subject);
      this.ids.push(id);
    }
    return subject;
  }

  /** The number of a text, of which most come again and again, such as ARNs; -1 for none. */
  private number(text: string | undefined): number {
    if (text === undefined) return -1;
    let number = this.textNumbers.get(text);
    if (number === undefined) this.textNumbers.set(text, number = this.texts.push(text) - 1);
    return number;
  }
}
