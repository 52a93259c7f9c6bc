import { Archive } from '../../../simulator/sns/archive';
import { PublishedMessage } from '../../../simulator/sns/message';

const day = 86_400_000;

describe('the memory of an archive', () => {
  test('does not keep what is older than the retention period, which may change', () => {
    const archive = new Archive({ MessageRetentionPeriod: 1 }, 0);
    const publish = (message: string, at: number) => archive.keep(new PublishedMessage(message, at, { message }));
    const kept = () => archive.since(0).map(({ messageId }) => messageId);
    publish('one', 0);
    publish('two', day);
    expect(kept()).toEqual(['one', 'two']);
    publish('three', day + 1);
    expect(kept()).toEqual(['two', 'three']);
    archive.policy = { MessageRetentionPeriod: 2 };
    publish('four', 3 * day);
    expect(kept()).toEqual(['two', 'three', 'four']);
    publish('five', 9 * day);
    expect(kept()).toEqual(['five']);
  });
});
