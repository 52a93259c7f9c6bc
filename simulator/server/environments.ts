import type { Place } from '../contracts';
import type { Credential } from './credentials';
import { Dispatch, type ServedServices } from './dispatch';

interface ServedEnvironment {
  readonly place: Place;
  readonly services: ServedServices;
  readonly dispatch: Dispatch;
}

/** The accounts and regions that are served at one address, told apart by what requests are signed with. */
export class ServedEnvironments {
  private readonly served: ServedEnvironment[] = [];

  constructor(services: ServedServices, place: Place) {
    this.served.push({ place, services, dispatch: new Dispatch(services, place) });
  }

  add(services: ServedServices, place: Place): void {
    place.endpoint = this.served[0].place.endpoint;
    this.served.push({ place, services, dispatch: new Dispatch(services, place) });
  }

  /** From now on all are reached there. */
  listenAt(endpoint: string): void {
    for (const { place } of this.served) place.endpoint = endpoint;
  }

  /**
   * That of the account to which the access key belongs, and of the region that the request is signed for. Keys of nobody are taken
   * for the first account's, or for that of the one that has the region; where there is no such region, for the account's first.
   *
   * @param path of a request that may name a bucket: that is served where it is
   */
  dispatchFor({ accessKeyId, region }: Credential, path?: string): Dispatch {
    const [first] = this.served;
    if (this.served.length === 1) return first.dispatch;
    const bucket = path?.split('/', 2)[1];
    const owner = bucket === undefined ? undefined : this.served.find(({ services }) => services.s3.bucket(bucket) !== undefined);
    if (owner) return owner.dispatch;
    const account = accessKeyId === undefined ? undefined : first.services.accountOf?.(accessKeyId);
    const near = this.served.filter(({ place }) => place.account === (account ?? first.place.account));
    const candidates = account === undefined ? [...near, ...this.served] : near;
    return (candidates.find(({ place }) => place.region === region) ?? candidates[0]).dispatch;
  }
}
