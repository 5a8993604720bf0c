import { Admin, ListOffsetTimestamps, Producer } from '@platformatic/kafka';
import { eventually } from './kafka-reader.ts';

export interface Produced {
  readonly value: string | Buffer | undefined;
  readonly partition?: number;
}

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** One topic of a broker, seen from the side of those who write to it and look after it. */
export interface Topic extends AsyncDisposable {
  readonly name: string;
  produce(records: readonly Produced[], compression?: Compression): Promise<void>;
  /** Committed offsets by partition; a partition without one is absent. */
  committed(group: string): Promise<Record<number, number>>;
  members(group: string): Promise<number>;
  grow(partitions: number): Promise<void>;
  /** Delete what stands before `offset`, as retention does. */
  expire(partition: number, offset: number): Promise<void>;
}

export async function createTopic(address: string, name: string, partitions = 1): Promise<Topic> {
  const client = { clientId: 'scops-test', bootstrapBrokers: [address], retries: 10, retryDelay: 200 };
  const admin = new Admin(client);
  const producer = new Producer({ ...client, idempotent: true });
  await admin.createTopics({ topics: [name], partitions, replicas: 1 });
  const isThere = async (count: number) => {
    const timestamp = ListOffsetTimestamps.LATEST;
    const all = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp }));
    await eventually(`${count} partitions`, () =>
      admin.listOffsets({ topics: [{ name, partitions: all }] }).then(
        () => true,
        () => false,
      ),
    );
  };
  await isThere(partitions);
  return {
    name,
    async produce(records, compression = 'none') {
      for (let start = 0; start < records.length; start += 500) {
        await producer.send({
          compression,
          messages: records.slice(start, start + 500).map(({ value, partition = 0 }) => ({
            topic: name,
            partition,
            value: (value === undefined ? undefined : Buffer.from(value)) as Buffer,
          })),
        });
      }
    },
    async committed(group) {
      const groups = await admin.listConsumerGroupOffsets({ groups: [{ groupId: group }] });
      const found = groups[0]?.topics.find((topic) => topic.name === name)?.partitions ?? [];
      return Object.fromEntries(
        found
          .filter(({ committedOffset }) => committedOffset >= 0n)
          .map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]),
      );
    },
    async members(group) {
      const groups = await admin.describeGroups({ groups: [group] });
      return groups.get(group)?.members.size ?? 0;
    },
    async grow(count) {
      await admin.createPartitions({ topics: [{ name, count, assignments: null }], validateOnly: false });
      await isThere(count);
    },
    async expire(partition, offset) {
      await admin.deleteRecords({ topics: [{ name, partitions: [{ partition, offset: BigInt(offset) }] }] });
    },
    async [Symbol.asyncDispose]() {
      await producer.close();
      await admin.close();
    },
  };
}
