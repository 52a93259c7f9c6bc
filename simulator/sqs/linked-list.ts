/** What stands in a list holds its own links, so that it leaves the list from any place at once. */
export interface Linked<Item> {
  previous: Item | undefined;
  next: Item | undefined;
}

export class LinkedList<Item extends Linked<Item>> {
  first: Item | undefined;
  private last: Item | undefined;

  append(item: Item): void {
    item.previous = this.last;
    item.next = undefined;
    if (this.last === undefined) this.first = item;
    else this.last.next = item;
    this.last = item;
  }

  remove(item: Item): void {
    if (item.previous === undefined) this.first = item.next;
    else item.previous.next = item.next;
    if (item.next === undefined) this.last = item.previous;
    else item.next.previous = item.previous;
    item.previous = undefined;
    item.next = undefined;
  }
}
