import { documented } from '../documented';
import { thing, thingStacks } from './things';

/**
 * Sources:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks.html
 */
documented('an update', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html', () => {
  test('that changes nothing is refused', () => {
    const { deploy } = thingStacks();
    deploy({ A: thing({ Size: 1 }) });
    expect(() => deploy({ A: thing({ Size: 1 }) })).toThrow('No updates are to be performed.');
  });

  test('leaves what is unchanged alone, with its physical name', () => {
    const { deploy, done } = thingStacks();
    const [before] = deploy({ A: thing({ Size: 1 }), B: thing() }).resources.map(({ ref }) => ref);
    const { resources, status } = deploy({ A: thing({ Size: 1 }), B: thing({ Size: 2 }) });
    expect(status).toBe('UPDATE_COMPLETE');
    expect(resources[0].ref).toBe(before);
    expect(done.slice(2)).toEqual(['update B']);
  });

  test('changes a property in place where the type allows it, and keeps the physical name', () => {
    const { deploy, present } = thingStacks();
    const [{ ref }] = deploy({ A: thing({ Size: 1 }) }).resources;
    expect(deploy({ A: thing({ Size: 2 }) }).resources[0].ref).toBe(ref);
    expect(present.get(ref)).toEqual({ Size: 2 });
  });

  test('replaces the resource where the type demands it: new first, then what refers to it, the former one last', () => {
    const { deploy, done, present } = thingStacks();
    const [{ ref: former }] = deploy({ A: thing({ Kind: 'one' }), B: thing({ Other: { Ref: 'A' } }) }).resources;
    const second = deploy({ A: thing({ Kind: 'two' }), B: thing({ Other: { Ref: 'A' } }) });
    expect(second.resources[0].ref).not.toBe(former);
    expect(present.get(second.resources[1].ref)).toEqual({ Other: second.resources[0].ref });
    expect(done.slice(2)).toEqual(['create A', 'update B', 'delete A']);
  });

  test('refuses to replace a resource that keeps its custom name', () => {
    const { deploy } = thingStacks();
    deploy({ A: thing({ Name: 'a', Kind: 'one' }) });
    const { status, failure } = deploy({ A: thing({ Name: 'a', Kind: 'two' }) });
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failure!.message).toContain('CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename a and update the stack again.');
  });

  test('deletes what the template no longer has, after everything else and the last first', () => {
    const { deploy, done, statuses } = thingStacks();
    deploy({ A: thing(), B: thing({ Other: { Ref: 'A' } }), C: thing() });
    deploy({ C: thing({ Size: 3 }), D: thing() });
    expect(done.slice(3)).toEqual(['update C', 'create D', 'delete B', 'delete A']);
    expect(statuses().slice(-6)).toEqual([
      'Shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'B DELETE_IN_PROGRESS', 'B DELETE_COMPLETE', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'Shop UPDATE_COMPLETE',
    ]);
  });

  test('stands even when a former resource cannot be deleted, and says so', () => {
    const { deploy, statuses } = thingStacks();
    deploy({ A: thing({ Other: 'full' }), B: thing() });
    const stack = deploy({ B: thing() });
    expect(stack.status).toBe('UPDATE_COMPLETE');
    expect(statuses()).toContain('A DELETE_FAILED');
    expect(stack.failure!.message).toBe('Shop/A (Test::Thing) cannot be deleted: it is not empty');
  });

  test('does not call the type for properties without effect', () => {
    const { deploy, done } = thingStacks();
    deploy({ A: { Type: 'Test::Fixed', Properties: { Note: 'a' } } });
    expect(deploy({ A: { Type: 'Test::Fixed', Properties: { Note: 'b' } } }).status).toBe('UPDATE_COMPLETE');
    expect(done).toEqual([]);
  });

  test('creates and deletes a resource as its condition turns', () => {
    const { stacks, present } = thingStacks();
    const template = {
      Parameters: { Wanted: { Type: 'String', Default: 'no' } },
      Conditions: { IsWanted: { 'Fn::Equals': [{ Ref: 'Wanted' }, 'yes'] } },
      Resources: { A: thing(), B: thing({ Name: 'b' }, { Condition: 'IsWanted' }) },
    };
    stacks.deploy({ name: 'Shop', template });
    expect(present.has('b')).toBe(false);
    stacks.deploy({ name: 'Shop', template, parameters: { Wanted: 'yes' } });
    expect(present.has('b')).toBe(true);
    stacks.deploy({ name: 'Shop', template });
    expect(present.has('b')).toBe(false);
  });

  test('of an output alone is an update', () => {
    const { deploy } = thingStacks();
    deploy({ A: thing({ Name: 'a' }) });
    expect(deploy({ A: thing({ Name: 'a' }) }, { Outputs: { A: { Value: { Ref: 'A' } } } }).outputs).toEqual({ A: 'a' });
  });

  test('refuses another type for a logical ID', () => {
    const { deploy } = thingStacks();
    deploy({ A: thing() });
    expect(() => deploy({ A: { Type: 'Test::Fixed' } })).toThrow(
      'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]',
    );
  });
});

documented('a failure', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html', () => {
  test('of a creation deletes what was created, and the stack cannot be updated', () => {
    const { deploy, statuses, present } = thingStacks();
    const stack = deploy({ A: thing(), B: thing({ Size: 0, Other: { Ref: 'A' } }) });
    expect(stack).toMatchObject({ status: 'ROLLBACK_COMPLETE', statusReason: 'The following resource(s) failed to create: [B]. Rollback requested by user.' });
    expect(stack.failure!.message).toBe('Shop/B (Test::Thing) cannot be created: \'Size\' must be at least 1, got 0');
    expect(present.size).toBe(0);
    expect(statuses()).toEqual([
      'Shop CREATE_IN_PROGRESS', 'A CREATE_IN_PROGRESS', 'A CREATE_COMPLETE', 'B CREATE_IN_PROGRESS', 'B CREATE_FAILED',
      'Shop ROLLBACK_IN_PROGRESS', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'Shop ROLLBACK_COMPLETE',
    ]);
    expect(() => deploy({ A: thing() })).toThrow('is in ROLLBACK_COMPLETE state and can not be updated.');
  });

  test('of a creation leaves what was created where rollback is disabled', () => {
    const { stacks, present } = thingStacks();
    const { status } = stacks.deploy({ name: 'Shop', disableRollback: true, template: { Resources: { A: thing(), B: thing({ Size: 0 }, { DependsOn: 'A' }) } } });
    expect(status).toBe('CREATE_FAILED');
    expect(present.size).toBe(1);
  });

  test('of an update brings everything back: what was changed, created and replaced', () => {
    const { deploy, present, stacks } = thingStacks();
    const former = {
      Changed: thing({ Name: 'changed', Size: 1 }), Replaced: thing({ Kind: 'one' }), Removed: thing({ Name: 'removed' }), Failing: thing({ Name: 'failing', Size: 5 }),
    };
    deploy(former, { Outputs: { Out: { Value: 'one' } } });
    const before = new Map(present);
    const stack = deploy({
      Changed: thing({ Name: 'changed', Size: 2 }), Replaced: thing({ Kind: 'two' }), Added: thing(), Failing: thing({ Name: 'failing', Size: 0 }),
    }, { Outputs: { Out: { Value: 'two' } } });
    expect(stack).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', statusReason: 'The following resource(s) failed to update: [Failing].' });
    expect(present).toEqual(before);
    expect(stack.outputs).toEqual({ Out: 'one' });
    expect(stack.template.Resources).toEqual(former);
    expect(() => stacks.deploy({ name: 'Shop', template: stack.template })).toThrow('No updates are to be performed.');
  });

  test.each([
    ['update', { A: { Type: 'Test::Fixed', Properties: { Size: 2 } } }, 'cannot update resources of type \'Test::Fixed\' (changed: Size)'],
  ])('names the type that has no %s', (_what, resources, message) => {
    const { deploy } = thingStacks();
    deploy({ A: { Type: 'Test::Fixed', Properties: { Size: 1 } } });
    const stack = deploy(resources);
    expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.failure!.message).toContain(message);
  });

  test('names the type that has no delete', () => {
    const { deploy, stacks } = thingStacks();
    deploy({ A: { Type: 'Test::Fixed' } });
    const stack = stacks.delete('Shop');
    expect(stack.status).toBe('DELETE_FAILED');
    expect(stack.failure!.message).toContain('cannot delete resources of type \'Test::Fixed\'');
  });
});

/**
 * Sources:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatereplacepolicy.html
 */
documented('what is retained', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html', () => {
  test.each(['Retain', 'RetainExceptOnCreate'])('stays with DeletionPolicy %s when it is removed and when its stack is deleted', (DeletionPolicy) => {
    const { deploy, stacks, present, statuses } = thingStacks();
    deploy({ A: thing({ Name: 'a' }, { DeletionPolicy }), B: thing({ Name: 'b' }, { DeletionPolicy }), C: thing() });
    deploy({ B: thing({ Name: 'b' }, { DeletionPolicy }), C: thing() });
    expect(statuses()).toContain('A DELETE_SKIPPED');
    expect(stacks.delete('Shop').status).toBe('DELETE_COMPLETE');
    expect([...present.keys()]).toEqual(['a', 'b']);
  });

  test('stays with DeletionPolicy Retain when its creation is rolled back, but not with RetainExceptOnCreate', () => {
    const { deploy, present } = thingStacks();
    deploy({
      A: thing({ Name: 'a' }, { DeletionPolicy: 'Retain' }), B: thing({ Name: 'b' }, { DeletionPolicy: 'RetainExceptOnCreate' }), C: thing({ Size: 0 }),
    });
    expect([...present.keys()]).toEqual(['a']);
  });
});

documented('what is retained when it is replaced', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html', () => {
  test('stays with UpdateReplacePolicy Retain when it is replaced', () => {
    const { deploy, present } = thingStacks();
    deploy({ A: thing({ Kind: 'one' }, { UpdateReplacePolicy: 'Retain' }) });
    deploy({ A: thing({ Kind: 'two' }, { UpdateReplacePolicy: 'Retain' }) });
    expect([...present.values()]).toEqual([{ Kind: 'one' }, { Kind: 'two' }]);
  });
});

documented('what a deletion retains', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html', () => {
  test('stays when the deletion of the stack says so', () => {
    const { deploy, stacks, present } = thingStacks();
    deploy({ A: thing({ Name: 'a' }), B: thing({ Name: 'b' }) });
    stacks.delete('Shop', { retain: ['B'] });
    expect([...present.keys()]).toEqual(['b']);
  });
});

documented('a deletion', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-delete-stack.html', () => {
  test('goes in the reverse order of creation, and frees the name', () => {
    const { deploy, stacks, done } = thingStacks();
    const { id } = deploy({ A: thing({ Other: { Ref: 'B' } }), B: thing() });
    stacks.delete('Shop');
    expect(done.slice(2)).toEqual(['delete A', 'delete B']);
    expect(stacks.find('Shop')).toBeUndefined();
    expect(stacks.find(id)!.status).toBe('DELETE_COMPLETE');
    expect(deploy({ A: thing() }).id).not.toBe(id);
  });

  test('that fails leaves the resource and what it depends on, and can be tried again', () => {
    const { deploy, stacks, present } = thingStacks();
    deploy({ A: thing({ Name: 'a' }), B: thing({ Name: 'b', Other: 'full' }, { DependsOn: 'A' }), C: thing({ Name: 'c' }) });
    expect(stacks.delete('Shop')).toMatchObject({ status: 'DELETE_FAILED', statusReason: 'The following resource(s) failed to delete: [B].' });
    expect([...present.keys()]).toEqual(['a', 'b']);
    expect(stacks.delete('Shop', { retain: ['B'] }).status).toBe('DELETE_COMPLETE');
    expect([...present.keys()]).toEqual(['b']);
  });

  test('of a stack that does not exist is refused', () => {
    expect(() => thingStacks().stacks.delete('Nothing')).toThrow('Stack with id Nothing does not exist');
  });
});

documented('an export', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html', () => {
  const exporting = (Value: unknown) => ({ Outputs: { Out: { Value, Export: { Name: 'shared' } } } });
  const importing = { A: thing({ Other: { 'Fn::ImportValue': 'shared' } }) };

  test('that is in use can be neither deleted nor changed, until nobody imports it', () => {
    const { deploy, stacks } = thingStacks();
    deploy({ A: thing() }, exporting('one'), 'Producer');
    deploy(importing, {}, 'Consumer');
    expect(() => stacks.delete('Producer')).toThrow('Delete canceled. Cannot delete export shared as it is in use by Consumer.');
    expect(deploy({ A: thing() }, exporting('two'), 'Producer').failure!.message).toBe('Cannot update export shared as it is in use by Consumer');
    expect(deploy({ A: thing({ Size: 1 }) }, {}, 'Producer').failure!.message).toBe('Cannot delete export shared as it is in use by Consumer');
    expect(stacks.find('Producer')).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', exports: { shared: 'one' } });

    deploy({ A: thing() }, {}, 'Consumer');
    expect(deploy({ A: thing() }, exporting('two'), 'Producer').exports).toEqual({ shared: 'two' });
    expect(stacks.delete('Producer').status).toBe('DELETE_COMPLETE');
  });

  test('has a name of its own in the account and region', () => {
    const { deploy } = thingStacks();
    deploy({ A: thing() }, exporting('one'), 'One');
    expect(deploy({ A: thing() }, exporting('two'), 'Two').failure!.message).toContain('Export with name shared is already exported by stack One');
  });
});

documented('a preview', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html', () => {
  const preview = (before: Parameters<ReturnType<typeof thingStacks>['deploy']>[0], after: typeof before) => {
    const { deploy, stacks, done } = thingStacks();
    deploy(before);
    const count = done.length;
    const changes = stacks.changes({ name: 'Shop', template: { Resources: after } });
    expect(done).toHaveLength(count);
    return changes.map(({ action, logicalId, replacement, properties }) => [action, logicalId, replacement, properties]);
  };

  test('of a new stack adds everything', () => {
    expect(thingStacks().stacks.changes({ name: 'Shop', template: { Resources: { A: thing() } } }))
      .toEqual([{ action: 'Add', logicalId: 'A', type: 'Test::Thing', properties: [] }]);
  });

  test('names what is added, changed, replaced and removed, and does nothing', () => {
    expect(preview(
      { A: thing({ Size: 1 }), B: thing({ Kind: 'one' }), C: thing() },
      { A: thing({ Size: 2 }), B: thing({ Kind: 'two' }), D: thing() },
    )).toEqual([['Modify', 'A', 'False', ['Size']], ['Modify', 'B', 'True', ['Kind']], ['Add', 'D', undefined, []], ['Remove', 'C', undefined, []]]);
  });

  test('is conditional about what depends on a value that is not known yet', () => {
    const B = thing({ Kind: { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::GetAtt': ['A', 'Arn'] }] }] } });
    expect(preview({ A: thing({ Kind: 'one' }), B }, { A: thing({ Kind: 'two' }), B }))
      .toEqual([['Modify', 'A', 'True', ['Kind']], ['Modify', 'B', 'Conditional', ['Kind']]]);
  });

  test('of nothing is refused', () => {
    expect(() => preview({ A: thing() }, { A: thing() })).toThrow('No updates are to be performed.');
  });
});

test('construct paths come from the metadata that CDK writes into the template', () => {
  const { deploy } = thingStacks();
  const { resources } = deploy({ A: thing({}, { Metadata: { 'aws:cdk:path': 'Shop/Orders/Resource' } }), B: thing() });
  expect(resources.map(({ path }) => path)).toEqual(['Orders/Resource', 'B']);
});

test.each(['', '1shop', 'a_b', 'a'.repeat(129)])('fails for the stack name \'%s\'', (name) => {
  expect(() => thingStacks().stacks.deploy({ name, template: {} })).toThrow('The name of a stack must be 1 to 128 letters, digits and hyphens');
});
