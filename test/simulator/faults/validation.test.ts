import { ActiveFault } from '../../../simulator/faults/active-fault';
import { problemsOf } from '../../../simulator/faults/validation';
import { Random } from '../../../simulator/random';

/** At the edges of every range. */
test.each([
  [{ kind: 'functionError', share: 0 }, ["'share' must be above 0 and at most 1, got 0"]],
  [{ kind: 'functionError', share: 1 }, []],
  [{ kind: 'functionError', from: 0, until: 0 }, []],
  [{ kind: 'functionError', from: -1 }, ["'from' must be a date, ISO 8601 text, or milliseconds from 0 since the simulation began, got -1"]],
  [{ kind: 'functionError', calls: [] }, ["'calls' must be a list of whole numbers from 1, got []"]],
  [{ kind: 'functionError', calls: [1] }, []],
  [{ kind: 'functionError', times: 0 }, ["'times' must be a whole number from 1, got 0"]],
  [{ kind: 'functionError', times: 1 }, []],
  [{ kind: 'functionError', message: '' }, ["'message' must be text, got \"\""]],
  [{ kind: 'functionKill', afterCalls: [0] }, ["'afterCalls' must be a whole number from 1, got [0]"]],
  [{ kind: 'functionKill', afterCalls: 1 }, []],
  [{ kind: 'functionDelay', delay: 0 }, ["'delay' must be milliseconds above 0, got 0"]],
  [{ kind: 'functionDelay', delay: Infinity }, ["'delay' must be milliseconds above 0, got null"]],
  [{ kind: 'functionDelay', delay: 0.5 }, []],
  [{ kind: 'functionDelay' }, ["'delay' must be milliseconds above 0, got undefined"]],
  [{ kind: 'serviceError', operation: '' }, ["'operation' must be AWS's name of an operation, got \"\""]],
  [{ kind: 'deliveryFailure', status: 399 }, ["'status' must be from 400 to 599, got 399"]],
  [{ kind: 'deliveryFailure', status: 400 }, []],
  [{ kind: 'deliveryFailure', status: 599 }, []],
  [{ kind: 'deliveryFailure', status: 600 }, ["'status' must be from 400 to 599, got 600"]],
  [{ kind: 'deliveryFailure', status: undefined }, []],
  [[], ['must be an object, got []']],
])('the problems of %j are %j', (fault, problems) => {
  expect(problemsOf(fault)).toEqual(problems);
});

test.each([0.25, 0.5, 1])('a share of %d is that share of the calls', (share) => {
  const fault = new ActiveFault({ kind: 'lostResponse', share }, {}, 0, new Random(1));
  const struck = Array.from({ length: 4000 }, () => fault.strikes(0)).filter(Boolean).length;
  expect(Math.abs(struck / 4000 - share)).toBeLessThan(0.03);
});
