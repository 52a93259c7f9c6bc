/** The same work, of which at most so many are under way at once; the others wait in the order in which they were asked for. */
export function atMost<Argument>(limit: number, work: (argument: Argument) => Promise<void>): (argument: Argument) => Promise<void> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (argument) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => { waiting.push(resolve); });
    try {
      await work(argument);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
