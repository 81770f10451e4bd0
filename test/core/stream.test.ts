import { expect, test } from "vitest";
import { Stream } from "../../harness/core/stream.ts";

function first(count: number, random: Stream): number[] {
  return Array.from({ length: count }, () => random.next());
}

test("a stream is fixed by its seed and its name", () => {
  const arrivals = first(20, new Stream(7, "load/listeners/arrivals"));
  expect(first(20, new Stream(7, "load/listeners/arrivals"))).toEqual(arrivals);
  expect(first(20, new Stream(8, "load/listeners/arrivals"))).not.toEqual(arrivals);
  expect(first(20, new Stream(7, "load/listeners/payloads"))).not.toEqual(arrivals);
});

test("what one stream draws moves no other", () => {
  const alone = first(20, new Stream(7, "a"));
  const one = new Stream(7, "a");
  const other = new Stream(7, "b");
  const interleaved = Array.from({ length: 20 }, () => [other.next(), one.next(), other.next()][1]);
  expect(interleaved).toEqual(alone);
});

test("a seed and a name cannot be read as another seed and name", () => {
  expect(first(5, new Stream(1, "2/a"))).not.toEqual(first(5, new Stream(12, "a")));
  expect(first(5, new Stream(1, "2/a"))).not.toEqual(first(5, new Stream(1, "a")));
});

// Arrivals of published runs hang on these numbers.
test("the first draws are the committed ones", () => {
  expect(first(3, new Stream(2013, "load/listeners/arrivals"))).toEqual(GOLDEN);
});

const GOLDEN = [0.3308713340666145, 0.2587845956441015, 0.5708896643482149];
