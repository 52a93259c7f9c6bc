import type { Outcome } from './environment';
import type { RealRun } from './turns';

export interface InvocationTime {
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds since the invocation began. */
  readonly elapsed: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What Lambda reports of a process that the system ended. */
export const killed = (requestId: string): Outcome => ({
  type: 'failed', error: { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed` },
});

/** Runs a handler as its fault has it. */
export async function underFault(run: RealRun, time: InvocationTime, invoke: (timeout: number) => Promise<Outcome>): Promise<Outcome> {
  const { fault } = run;
  switch (fault?.kind) {
    case 'throw':
      run.stop();
      return { type: 'failed', error: { errorType: fault.errorType, errorMessage: fault.errorMessage } };
    case 'timeOut':
      run.stop();
      return timedOut(run, time);
    case 'kill': {
      const outcome = await invoke(time.timeout);
      if (fault.afterCalls !== undefined || outcome.type === 'timedOut') return outcome;
      run.environmentLost = true;
      return killed(run.requestId);
    }
    case 'delay': {
      const outcome = await invoke(time.timeout);
      if (outcome.type === 'timedOut') return outcome;
      if (time.elapsed() + fault.delay >= time.timeout) return timedOut(run, time);
      await time.sleep(fault.delay);
      return outcome;
    }
    default:
      return invoke(time.timeout);
  }
}

async function timedOut(run: RealRun, { timeout, elapsed, sleep }: InvocationTime): Promise<Outcome> {
  run.environmentLost = true;
  await sleep(timeout - elapsed());
  return { type: 'timedOut' };
}
