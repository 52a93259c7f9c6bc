import { VirtualClock, WallClock } from '../../simulator/clock';

const minute = 60_000;

describe('VirtualClock', () => {
  test('runs events in the order of their moments, and of their scheduling within a moment', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    for (const [delay, name] of [[20, 'c'], [10, 'a'], [20, 'd'], [10, 'b'], [30, 'e']] as const) {
      clock.schedule(delay, () => seen.push(`${name}@${clock.now()}`));
    }
    await clock.advance(25);
    expect(seen).toEqual(['a@10', 'b@10', 'c@20', 'd@20']);
    expect(clock.now()).toBe(25);
  });

  test('runs events that an event schedules, within the same advance', async () => {
    const clock = new VirtualClock(0);
    let ticks = 0;
    const tick = (): void => { ticks++; clock.schedule(minute, tick); };
    clock.schedule(minute, tick);
    await clock.advance(60 * minute);
    expect(ticks).toBe(60);
  });

  test('leaves out what was cancelled', async () => {
    const clock = new VirtualClock(0);
    const callback = jest.fn();
    clock.schedule(10, callback).cancel();
    await clock.advance(20);
    expect(callback).not.toHaveBeenCalled();
  });

  test('stands still while work is held, however long that takes in real time', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.schedule(10, () => {
      const hold = clock.hold();
      setTimeout(() => { seen.push(`handler@${clock.now()}`); hold.release(); }, 20);
    });
    clock.schedule(11, () => seen.push('next'));
    await clock.advance(20);
    expect(seen).toEqual(['handler@10', 'next']);
  });

  test('lets promises settle before the next event', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.schedule(1, () => { void Promise.resolve().then(() => Promise.resolve()).then(() => seen.push('continued')); });
    clock.schedule(1, () => seen.push('next'));
    await clock.advance(1);
    expect(seen).toEqual(['continued', 'next']);
  });

  test('fails when an event throws, and stays usable', async () => {
    const clock = new VirtualClock(0);
    clock.schedule(10, () => { throw new Error('broken event'); });
    await expect(clock.advance(20)).rejects.toThrow('broken event');
    expect(clock.now()).toBe(10);
    await clock.advance(20);
    expect(clock.now()).toBe(30);
  });

  test('releases a hold once, even when it is released twice', async () => {
    const clock = new VirtualClock(0);
    const first = clock.hold();
    const second = clock.hold();
    first.release();
    first.release();
    let advanced = false;
    const done = clock.advance(1).then(() => { advanced = true; });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(advanced).toBe(false);
    second.release();
    await done;
  });

  test('keeps a hundred thousand events in order', async () => {
    const clock = new VirtualClock(0);
    let previous = -1;
    let inOrder = 0;
    for (let index = 0; index < 100_000; index++) {
      const delay = (index * 7919) % 100_003;
      clock.schedule(delay, () => { if (delay > previous) inOrder++; previous = delay; });
    }
    await clock.advance(100_003);
    expect(inOrder).toBe(100_000);
  });
});

describe('a virtual clock that follows real time', () => {
  test('goes on from the moment it has reached, and runs what was scheduled before', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.schedule(minute + 20, () => seen.push('scheduled before'));
    await clock.advance(minute);
    clock.followRealTime();
    clock.schedule(0, () => seen.push('at once'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen).toEqual(['at once', 'scheduled before']);
    expect(clock.now()).toBeGreaterThanOrEqual(minute + 49);
    expect(clock.now()).toBeLessThan(2 * minute);
    clock.standStill();
  });

  test('cannot be advanced until it stands still again', async () => {
    const clock = new VirtualClock(0);
    clock.followRealTime();
    await expect(clock.advance(1)).rejects.toThrow('cannot be advanced');
    clock.standStill();
    const before = clock.now();
    await clock.advance(minute);
    expect(clock.now()).toBe(before + minute);
  });

});

describe('WallClock', () => {
  test('calls back after the delay, and not when cancelled or closed', async () => {
    const clock = new WallClock();
    const due = jest.fn();
    const cancelled = jest.fn();
    const closed = jest.fn();
    clock.schedule(5, due);
    clock.schedule(5, cancelled).cancel();
    clock.schedule(60, closed);
    await new Promise((resolve) => setTimeout(resolve, 40));
    clock.close();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect([due, cancelled, closed].map((callback) => callback.mock.calls.length)).toEqual([1, 0, 0]);
  });

  test('takes delays longer than a Node.js timer can', () => {
    jest.useFakeTimers();
    try {
      const clock = new WallClock();
      const callback = jest.fn();
      clock.schedule(40 * 24 * 3_600_000, callback);
      jest.advanceTimersByTime(39 * 24 * 3_600_000);
      expect(callback).not.toHaveBeenCalled();
      jest.advanceTimersByTime(2 * 24 * 3_600_000);
      expect(callback).toHaveBeenCalledTimes(1);
    } finally {
      jest.useRealTimers();
    }
  });
});
