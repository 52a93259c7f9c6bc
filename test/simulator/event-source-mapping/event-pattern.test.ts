import { compilePattern, lambdaFilters } from '../../../simulator/event-pattern';
import { documented } from '../documented';

documented('a pattern', 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html', () => {
  const cases: [pattern: object, matching: unknown[], others: unknown[]][] = [
    [{ a: ['x', 1, true, null] }, [{ a: 'x' }, { a: 1 }, { a: true }, { a: null }, { a: ['y', 'x'] }, { a: 'x', b: 2 }],
      [{ a: 'y' }, { a: '1' }, { a: 'X' }, { a: [] }, {}, 'x', null]],
    [{ a: [''] }, [{ a: '' }], [{ a: null }, {}]],
    [{ a: ['x'], b: ['y'] }, [{ a: 'x', b: 'y' }], [{ a: 'x' }, { a: 'x', b: 'x' }]],
    [{ a: { b: { c: [1] } } }, [{ a: { b: { c: 1 } } }, { a: [{ b: { c: 2 } }, { b: { c: 1 } }] }], [{ a: { b: 1 } }, { a: { b: { c: 2 } } }, { a: null }]],
    [{ a: { b: [1], c: [2] } }, [{ a: [{ b: 1, c: 2 }] }], [{ a: [{ b: 1, c: 3 }, { b: 3, c: 2 }] }]],
    [{ a: [{ prefix: 'ab' }] }, [{ a: 'abc' }, { a: ['x', 'ab'] }], [{ a: 'xab' }, { a: 1 }, {}]],
    [{ a: [{ suffix: '.png' }] }, [{ a: 'x.png' }], [{ a: 'x.png.txt' }, { a: 1 }, {}]],
    [{ a: [{ 'equals-ignore-case': 'Ab' }] }, [{ a: 'aB' }], [{ a: 'abc' }, { a: 1 }, {}]],
    [{ a: [{ exists: true }] }, [{ a: null }, { a: '' }, { a: [] }], [{}, { a: { b: 1 } }]],
    [{ a: [{ exists: false }] }, [{}, { b: 1 }], [{ a: 1 }, { a: null }]],
    [{ a: { b: [{ exists: false }] } }, [{}, { a: {} }, { a: 1 }], [{ a: { b: 1 } }]],
    [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, [{ a: 1 }, { a: 5 }, { a: [9, 2] }], [{ a: 0 }, { a: 5.01 }, { a: '3' }, {}]],
    [{ a: [{ numeric: ['=', 3] }] }, [{ a: 3.0 }], [{ a: 3.1 }]],
    [{ a: [{ numeric: ['>=', 3] }] }, [{ a: 3 }], [{ a: 2 }]],
    [{ a: [{ numeric: ['<', 3] }] }, [{ a: 2 }], [{ a: 3 }]],
    [{ a: [{ 'anything-but': ['x', 1] }] }, [{ a: 'y' }, { a: null }, { a: 2 }], [{ a: 'x' }, { a: 1 }, {}]],
    [{ a: [{ 'anything-but': 'x' }] }, [{ a: 'y' }], [{ a: 'x' }]],
    [{ a: [{ 'anything-but': { prefix: 'x' } }] }, [{ a: 'ax' }], [{ a: 'xa' }, {}]],
    [{ a: [{ prefix: 'x' }, 'y'] }, [{ a: 'xx' }, { a: 'y' }], [{ a: 'yy' }]],
    [{ $or: [{ a: ['x'] }, { b: [{ numeric: ['>', 1] }] }], c: ['z'] }, [{ a: 'x', c: 'z' }, { b: 2, c: 'z' }], [{ a: 'x' }, { c: 'z' }, { b: 1, c: 'z' }]],
    [{ toString: [{ exists: false }] }, [{}], [{ toString: 1 }]],
  ];
  test.each(cases)('%j matches what it describes, and nothing else', (pattern, matching, others) => {
    const matches = compilePattern(pattern, 'pattern', lambdaFilters);
    expect(matching.filter((value) => !matches(value))).toEqual([]);
    expect(others.filter((value) => matches(value))).toEqual([]);
  });

  const refused: [pattern: unknown, message: string][] = [
    [{}, "'pattern' must have at least one field, got {}"],
    [{ a: 'x' }, `'pattern.a' must be an object or a list of rules, got "x"`],
    [{ a: [] }, "'pattern.a' must have at least one rule, got []"],
    [{ a: [['x']] }, `'pattern.a' must not have a list as a rule, got ["x"]`],
    [{ a: [{}] }, "'pattern.a' must have rules of one operator each, got {}"],
    [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'must have rules of one operator each'],
    [{ a: [{ wildcard: '*' }] }, "'pattern.a' uses the operator 'wildcard', which is not modelled"],
    [{ a: [{ prefix: 1 }] }, "'pattern.a prefix' must be a text, got 1"],
    [{ a: [{ exists: 'true' }] }, `'pattern.a exists' must be true or false, got "true"`],
    [{ a: [{ numeric: ['>'] }] }, `'pattern.a numeric' must be one or two comparisons`],
    [{ a: [{ numeric: ['!', 1] }] }, `'pattern.a numeric' must be one or two comparisons`],
    [{ a: [{ numeric: ['>', '1'] }] }, `'pattern.a numeric' must be one or two comparisons`],
    [{ a: [{ numeric: [] }] }, `'pattern.a numeric' must be one or two comparisons`],
    [{ a: [{ 'anything-but': [] }] }, "'pattern.a anything-but' must be values, a prefix"],
    [{ a: [{ 'anything-but': { exists: true } }] }, "'pattern.a anything-but' must be values, a prefix"],
    [{ $or: [{ a: ['x'] }] }, "'pattern.$or' must be a list of at least two objects"],
  ];
  test.each(refused)('fails for %j', (pattern, message) => {
    expect(() => compilePattern(pattern, 'pattern', lambdaFilters)).toThrow(message);
  });
});
