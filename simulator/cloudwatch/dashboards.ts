import { ServiceError } from '../contracts';

interface Dashboard {
  readonly name: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** The dashboards, which are kept and shown but not drawn. */
export class Dashboards {
  private readonly byName = new Map<string, Dashboard>();

  /** Throws `InvalidParameterInput` for a name or a body that AWS would refuse. */
  put(name: string, body: string, at: number): void {
    if (!/^[\w-]{1,255}$/.test(name)) {
      const rule = "must have from 1 to 255 letters, digits, '-' and '_'";
      throw new ServiceError('InvalidParameterInput', `'DashboardName' ${rule}, got '${name}'`);
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(body);
    } catch (error) {
      throw new ServiceError('InvalidParameterInput', `'DashboardBody' must be JSON: ${(error as Error).message}`);
    }
    if (!Array.isArray((parsed as { widgets?: unknown } | null)?.widgets)) {
      throw new ServiceError('InvalidParameterInput', "'DashboardBody' must have a list of 'widgets'");
    }
    this.byName.set(name, { name, body, lastModified: at });
  }

  get(name: string): Dashboard {
    const dashboard = this.byName.get(name);
    if (!dashboard) throw new ServiceError('ResourceNotFound', `there is no dashboard ${name}`, 404);
    return dashboard;
  }

  /** By name. */
  all(): Dashboard[] {
    return [...this.byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  delete(name: string): void {
    this.get(name);
    this.byName.delete(name);
  }
}
