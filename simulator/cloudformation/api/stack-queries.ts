import { ServiceError } from '../../contracts';
import type { LiveStack } from '../stack-engine';
import type { ChangeSets } from './change-sets';
import { eventTimes } from './event-times';
import { page } from './pages';
import type { StackBook } from './stack-book';
import { shownEvent, shownResource, shownStack, shownSummary } from './stack-views';
import { templateFacts } from './template-facts';
import type { TemplateSource } from './template-source';

type Shown = Record<string, unknown>;

const noStack = (given: string): string => `Stack '${given}' does not exist`;

/** The operations that only look. */
export class StackQueries {
  constructor(private readonly book: StackBook, private readonly changeSets: ChangeSets, private readonly templates: TemplateSource) {}

  describeStacks({ StackName, NextToken }: Shown): Shown {
    if (StackName !== undefined) return { Stacks: [shownStack(this.existing(StackName), this.book)] };
    const { items, NextToken: next } = page(this.newestFirst().filter(({ status }) => status !== 'DELETE_COMPLETE'), NextToken);
    return { Stacks: items.map((stack) => shownStack(stack, this.book)), NextToken: next };
  }

  listStacks({ StackStatusFilter, NextToken }: Shown): Shown {
    const wanted = StackStatusFilter as string[] | undefined;
    const { items, NextToken: next } = page(this.newestFirst().filter(({ status }) => wanted === undefined || wanted.includes(status)), NextToken);
    return { StackSummaries: items.map(shownSummary), NextToken: next };
  }

  describeStackEvents({ StackName, NextToken }: Shown): Shown {
    const stack = this.book.existing(StackName as string | undefined, (given) => `Stack [${given}] does not exist`);
    const { items, NextToken: next } = page(this.eventsOf(stack), NextToken);
    return { StackEvents: items, NextToken: next };
  }

  /** The events of a stack; a change set has none, as the simulator finds what is wrong with it when it is asked for. */
  describeEvents({ StackName, ChangeSetName, NextToken, Filters }: Shown): Shown {
    if (ChangeSetName !== undefined) {
      this.changeSets.describe({ StackName, ChangeSetName });
      return { OperationEvents: [] };
    }
    const failedOnly = (Filters as { FailedEvents?: boolean } | undefined)?.FailedEvents === true;
    const events = this.eventsOf(this.existing(StackName)).filter(({ ResourceStatus }) => !failedOnly || /_FAILED$/.test(String(ResourceStatus)));
    const { items, NextToken: next } = page(events, NextToken);
    return { OperationEvents: items.map((event) => ({ EventType: 'STACK_EVENT', ...event })), NextToken: next };
  }

  describeStackResource({ StackName, LogicalResourceId }: Shown): Shown {
    const stack = this.existing(StackName, noStack);
    const resource = stack.resources.find(({ logicalId }) => logicalId === LogicalResourceId);
    if (resource === undefined) {
      throw new ServiceError('ValidationError', `Resource ${String(LogicalResourceId)} does not exist for stack ${stack.name}`);
    }
    const { Metadata } = stack.template.Resources?.[resource.logicalId] ?? {};
    return { StackResourceDetail: { ...shownResource(stack, resource), Metadata: Metadata && JSON.stringify(Metadata) } };
  }

  describeStackResources({ StackName, LogicalResourceId, PhysicalResourceId }: Shown): Shown {
    const stack = StackName === undefined ? this.stackWith(PhysicalResourceId) : this.existing(StackName, noStack);
    const resources = stack.resources.filter(({ logicalId, ref }) => (
      (LogicalResourceId === undefined || LogicalResourceId === logicalId) && (PhysicalResourceId === undefined || PhysicalResourceId === ref)
    ));
    return { StackResources: resources.map((resource) => shownResource(stack, resource)) };
  }

  listStackResources({ StackName, NextToken }: Shown): Shown {
    const stack = this.existing(StackName, noStack);
    const { items, NextToken: next } = page(stack.resources, NextToken);
    return { StackResourceSummaries: items.map((resource) => shownResource(stack, resource)), NextToken: next };
  }

  getTemplate({ StackName, ChangeSetName }: Shown): Shown {
    const StagesAvailable = ['Original', 'Processed'];
    if (ChangeSetName !== undefined) return { TemplateBody: this.changeSets.templateOf(ChangeSetName, StackName), StagesAvailable };
    const stack = this.existing(StackName);
    return { TemplateBody: this.book.detailsOf(stack)?.templateText ?? JSON.stringify(stack.template, undefined, 1), StagesAvailable };
  }

  getTemplateSummary(input: Shown): Shown {
    const given = this.templates.read(input);
    return templateFacts(given?.template ?? this.existing(input.StackName).template);
  }

  validateTemplate(input: Shown): Shown {
    const given = this.templates.read(input);
    if (given === undefined) throw new ServiceError('ValidationError', 'Either Template URL or Template Body must be specified.');
    return templateFacts(given.template);
  }

  listExports({ NextToken }: Shown): Shown {
    const exported = this.newestFirst().filter(({ status }) => status !== 'DELETE_COMPLETE').flatMap(({ id, exports }) => (
      Object.entries(exports).map(([Name, value]) => ({ ExportingStackId: id, Name, Value: String(value) }))
    ));
    const { items, NextToken: next } = page(exported, NextToken);
    return { Exports: items, NextToken: next };
  }

  listImports({ ExportName, NextToken }: Shown): Shown {
    const { items, NextToken: next } = page(this.newestFirst().filter((stack) => (
      stack.status !== 'DELETE_COMPLETE' && imports(stack.template, String(ExportName))
    )), NextToken);
    if (items.length === 0) throw new ServiceError('ValidationError', `Export '${String(ExportName)}' is not imported by any stack.`);
    return { Imports: items.map(({ name }) => name), NextToken: next };
  }

  private existing(nameOrId: unknown, explain?: (given: string) => string): LiveStack {
    return this.book.existing(nameOrId as string | undefined, explain);
  }

  /** The newest first. */
  private eventsOf(stack: LiveStack): Shown[] {
    const times = eventTimes(stack, (id) => this.book.find(id));
    return stack.events.map((event, index) => shownEvent(event, times[index])).reverse();
  }

  private newestFirst(): LiveStack[] {
    return this.book.all().reverse();
  }

  private stackWith(physicalId: unknown): LiveStack {
    const stack = this.book.all().find(({ status, resources }) => (
      status !== 'DELETE_COMPLETE' && resources.some(({ ref }) => ref === physicalId)
    ));
    if (stack === undefined) throw new ServiceError('ValidationError', `Stack for ${String(physicalId)} does not exist`);
    return stack;
  }
}

/** Whether the template imports a value by that name, where the name stands in it as it is. */
function imports(value: unknown, exportName: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, member]) => (key === 'Fn::ImportValue' && member === exportName) || imports(member, exportName));
}
