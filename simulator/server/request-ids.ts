/** Numbers the requests of one server, in the form in which AWS names them: a UUID. */
export class RequestIds {
  private count = 0;

  next(): string {
    return `00000000-0000-4000-8000-${(++this.count).toString(16).padStart(12, '0')}`;
  }
}
