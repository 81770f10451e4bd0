import { expect, it } from "vitest";
import { Cpu } from "../../harness/service/cpu.ts";
import { WarmUp } from "../../harness/service/warm-up.ts";

const cold = (): { cpu: Cpu; warmUp: WarmUp } => {
  const cpu = new Cpu({ cores: 1, scheduling: "shared" }, 1, 0);
  return { cpu, warmUp: new WarmUp({ forMs: 1000, slowdown: 4 }, cpu, 0) };
};

it("makes work take its factor longer from the start on, and no longer once it is over", () => {
  const { cpu, warmUp } = cold();
  cpu.add(0, 0, 10);
  expect(cpu.nextDue()).toBe(40);
  cpu.shift(40);
  expect(warmUp.endMs).toBe(Infinity);
  warmUp.serve(5000);
  expect(warmUp.endMs).toBe(6000);
  warmUp.end(6000);
  expect(warmUp.endMs).toBe(Infinity);
  cpu.add(6000, 0, 10);
  expect(cpu.nextDue()).toBe(6010);
});

it("speeds up what is under way when it is over", () => {
  const { cpu, warmUp } = cold();
  warmUp.serve(0);
  cpu.add(980, 0, 10);
  warmUp.end(1000);
  // 20 ms at a quarter of the speed are half of it.
  expect(cpu.nextDue()).toBe(1005);
});

it("goes by with less CPU too, and both together multiply", () => {
  const { cpu } = cold();
  cpu.setCapacity(0, 0.5);
  cpu.add(0, 0, 10);
  expect(cpu.nextDue()).toBe(80);
});

it("begins the first time that the instance is ready, and is counted from there", () => {
  const { warmUp } = cold();
  expect(warmUp.takeWarmingMs(500)).toBe(0);
  warmUp.serve(700);
  warmUp.serve(900);
  expect(warmUp.takeWarmingMs(1000)).toBe(300);
  warmUp.end(1700);
  expect(warmUp.takeWarmingMs(2000)).toBe(700);
  warmUp.serve(3000);
  expect(warmUp.endMs).toBe(Infinity);
});
