import { problemsOf } from '../../../simulator/faults/validation';

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
