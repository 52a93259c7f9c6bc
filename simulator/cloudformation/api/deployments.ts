import { ServiceError } from '../../contracts';
import type { LiveStack } from '../stack-engine';
import type { UploadedAssets } from './assets';
import { newStackName, type StackBook } from './stack-book';
import { readRequest, type ReadRequest } from './stack-input';
import type { TemplateSource } from './template-source';

type Shown = Record<string, unknown>;

/** Creates, updates and deletes stacks for the API. */
export class Deployments {
  constructor(private readonly book: StackBook, private readonly templates: TemplateSource, private readonly assets: UploadedAssets) {}

  /** @throws ServiceError for what is wrong with the request itself */
  read(input: Shown, name: string, previous?: LiveStack): ReadRequest {
    return readRequest(input, {
      name,
      template: this.templates.read(input),
      previous: previous && { stack: previous, details: this.book.detailsOf(previous) },
      assets: (objectKey, bucket) => this.assets.folderOf(objectKey, bucket),
    });
  }

  /** The request that asks for what the stack is already. */
  unchanged({ name, template, tags }: LiveStack): ReadRequest {
    return { request: { name, template, tags }, details: { templateText: JSON.stringify(template), capabilities: [], disableRollback: false } };
  }

  /** @throws ServiceError for what CloudFormation would refuse before it begins to create the stack */
  check(input: Shown, name: string): void {
    this.book.engine.changes(this.read(input, name).request);
  }

  create(input: Shown): Shown {
    const name = newStackName(input.StackName);
    const present = this.book.find(name);
    if (present !== undefined) throw new ServiceError('AlreadyExistsException', `Stack [${name}] already exists`);
    const stack = this.deploy(this.read(input, name), input.OnFailure);
    this.book.protect(stack, input.EnableTerminationProtection === true);
    return { StackId: stack.id };
  }

  update(input: Shown): Shown {
    const stack = this.book.existing(input.StackName as string | undefined, (given) => `Stack [${given}] does not exist`);
    if (this.book.isBootstrap(stack)) throw new ServiceError('ValidationError', 'No updates are to be performed.');
    if (/^(REVIEW_IN_PROGRESS|CREATE_FAILED|ROLLBACK_COMPLETE|DELETE_.*)$/.test(stack.status)) {
      throw new ServiceError('ValidationError', `Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    return { StackId: this.deploy(this.read(input, stack.name, stack)).id };
  }

  deploy({ request, details }: ReadRequest, onFailure?: unknown): LiveStack {
    const stack = this.book.engine.deploy(request);
    this.book.forget(request.name);
    this.book.keep(stack, details);
    return onFailure === 'DELETE' && /^(CREATE_FAILED|ROLLBACK_COMPLETE)$/.test(stack.status) ? this.book.engine.delete(stack.id) : stack;
  }

  protect({ StackName, EnableTerminationProtection }: Shown): Shown {
    const stack = this.book.existing(StackName as string | undefined, (given) => `Stack [${given}] does not exist`);
    this.book.protect(stack, EnableTerminationProtection === true);
    return { StackId: stack.id };
  }

  /** A stack that does not exist is deleted already. */
  delete({ StackName, RetainResources }: Shown): Shown {
    if (StackName === undefined) throw new ServiceError('ValidationError', '\'stackName\' must be given');
    const stack = this.book.find(StackName as string);
    if (stack === undefined || stack.status === 'DELETE_COMPLETE') return {};
    if (this.book.isBootstrap(stack)) throw new ServiceError('ValidationError', `Stack [${stack.name}] is part of every simulation and cannot be deleted`);
    if (this.book.protects(stack)) {
      throw new ServiceError('ValidationError', `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    if (stack.status === 'REVIEW_IN_PROGRESS') this.book.forget(stack.name);
    else this.book.engine.delete(stack.id, { retain: RetainResources as string[] | undefined });
    return {};
  }
}
