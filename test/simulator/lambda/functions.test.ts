import { documented } from '../documented';
import { closeAll, containing, thrownBy, virtualService } from './functions';

afterAll(closeAll);

documented('creating a function', 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html', () => {
  const refused: [property: string, properties: object, message: string][] = [
    ['name', { name: 'a b' }, "'name' must be 1 to 64 letters, digits, hyphens and underscores, got 'a b'"],
    ['timeout', { timeout: 901 }, "'timeout' must be a whole number from 1 to 900, got 901"],
    ['memorySize', { memorySize: 127 }, "'memorySize' must be a whole number from 128 to 10240, got 127"],
    ['reservedConcurrency', { reservedConcurrency: -1 }, "'reservedConcurrency' must be a whole number from 0, got -1"],
    ['reservedConcurrency', { reservedConcurrency: 901 }, "must leave 100 of the account's 1000 unreserved, got 901, which leaves 99"],
    ['maximumRetryAttempts', { maximumRetryAttempts: 3 }, "'maximumRetryAttempts' must be a whole number from 0 to 2, got 3"],
    ['maximumEventAge', { maximumEventAge: 59 }, "'maximumEventAge' must be a whole number from 60 to 21600, got 59"],
    ['handler', { handler: undefined }, "'handler' must be set where 'code' is, got none"],
    ['environment', { environment: { AWS_REGION: 'x' } }, "'environment' must not set 'AWS_REGION', which Lambda reserves"],
    ['environment', { environment: { 'a-b': 'x' } }, "names of letters, digits and underscores, got 'a-b'"],
    ['environment', { environment: { LONG: 'x'.repeat(4096) } }, "'environment' must be at most 4096 bytes of JSON, got 4107"],
  ];
  test.each(refused)('fails for what Lambda refuses of %s', (_property, properties, message) => {
    const { service } = virtualService();
    const create = (): unknown => service.createFunction({ name: 'tested', code: { inline: '' }, handler: 'index.handler', ...properties });
    expect(thrownBy(create)).toMatchObject({ code: 'InvalidParameterValueException', message: containing(message) });
    expect(service.functions()).toEqual([]);
  });

  test('fails with every problem at once', () => {
    const { service } = virtualService();
    expect(() => service.createFunction({ name: '', timeout: 0, memorySize: 1 })).toThrow(/'name'.*'timeout'.*'memorySize'/);
  });

  test('fails for a name that is taken', () => {
    const { service } = virtualService();
    service.createFunction({ name: 'one' });
    expect(thrownBy(() => service.createFunction({ name: 'one' }))).toMatchObject({ code: 'ResourceConflictException', status: 409 });
  });
});

documented('naming a function', 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html', () => {
  test('makes a function that is found by name, ARN, partial ARN and with a qualifier', () => {
    const { service } = virtualService();
    const fn = service.createFunction({ name: 'one' });
    const names = ['one', 'one:$LATEST', fn.arn, `${fn.arn}:live`, '111122223333:function:one'];
    expect(names.map((name) => service.function(name))).toEqual(names.map(() => fn));
    const others = ['two', fn.arn.replace('111122223333', '444455556666'), fn.arn.replace('central', 'west'), '444455556666:function:one'];
    expect(others.map((name) => service.function(name))).toEqual(others.map(() => undefined));
  });
});
