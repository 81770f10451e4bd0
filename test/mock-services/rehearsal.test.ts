import { expect, test } from "vitest";
import { rehearse } from "../../mock-services/rehearsal.ts";
import { monotonicMs } from "../../harness/wire/run-clock.ts";

test("a rehearsal handles its requests, makes the later ones faster, and leaves no port open", async () => {
  const handles = (): number => process.getActiveResourcesInfo().filter((kind) => kind.startsWith("TCP")).length;
  const before = handles();
  const time = async (requests: number): Promise<number> => {
    const startMs = monotonicMs();
    await rehearse(requests);
    return monotonicMs() - startMs;
  };
  const first = await time(1);
  await time(100);
  expect(await time(1)).toBeLessThan(first);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(handles()).toBe(before);
});
