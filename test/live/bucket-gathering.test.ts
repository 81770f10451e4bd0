import { expect, test } from "vitest";
import { BucketGathering } from "../../harness/live/bucket-gathering.ts";
import type { Bucket } from "../../harness/signals/bucket.ts";
import { emptyBucket } from "../../harness/signals/merge.ts";

/** A bucket in which one service row counted `count` arrivals. */
const counted = (index: number, count: number): Bucket => ({ ...emptyBucket(index), services: [[0, 0, count]] });

function gathering() {
  const left: [number, number, number][] = [];
  const gather = new BucketGathering(({ index, services, missing }) =>
    left.push([index, services[0]?.[2] ?? 0, missing]),
  );
  return { gather, left };
}

test("a bucket leaves when everybody has reported, as the sum of what they reported", () => {
  const { gather, left } = gathering();
  gather.join(1, 0);
  gather.join(2, 0);
  gather.report(1, counted(0, 3), false);
  expect(left).toEqual([]);
  gather.report(2, counted(0, 4), false);
  expect(left).toEqual([[0, 7, 0]]);
});

test("at its deadline it leaves without those that are missing, and what they report later counts in the next", () => {
  const { gather, left } = gathering();
  gather.join(1, 0);
  gather.join(2, 0);
  gather.report(1, counted(0, 3), false);
  gather.expire(0);
  gather.report(1, counted(1, 10), false);
  gather.report(2, counted(0, 4), false);
  gather.report(2, counted(1, 1), false);
  expect(left).toEqual([
    [0, 3, 1],
    [1, 15, 0],
  ]);
});

test("a partial report adds its numbers, and the rest is still waited for", () => {
  const { gather, left } = gathering();
  gather.join(1, 0);
  gather.report(1, counted(0, 1), true);
  expect(left).toEqual([]);
  gather.report(1, counted(0, 2), false);
  expect(left).toEqual([[0, 3, 0]]);
});

test("who left is not missed, and its last numbers count", () => {
  const { gather, left } = gathering();
  gather.join(1, 0);
  gather.join(2, 0);
  gather.report(2, counted(0, 5), true);
  gather.report(1, counted(0, 1), false);
  gather.leave(2);
  expect(left).toEqual([[0, 6, 0]]);
});

test("who comes later is waited for from its first report on", () => {
  const { gather, left } = gathering();
  gather.join(1, 0);
  gather.report(1, counted(0, 1), false);
  gather.report(3, counted(1, 2), false);
  gather.report(1, counted(1, 1), false);
  gather.report(1, counted(2, 1), false);
  expect(left).toEqual([
    [0, 1, 0],
    [1, 3, 0],
  ]);
});

test("buckets leave in order, each once, whatever the order of reports and deadlines", () => {
  const { gather, left } = gathering();
  gather.join(1, 0);
  gather.join(2, 0);
  gather.report(1, counted(1, 1), false);
  gather.report(1, counted(0, 1), false);
  gather.expire(1);
  gather.expire(0);
  gather.report(2, counted(2, 1), false);
  gather.report(1, counted(2, 1), false);
  expect(left.map(([index]) => index)).toEqual([0, 1, 2]);
});
