// pick_first, as gRPC documents it: one endpoint, until the connection to it breaks.
import { describe, expect, it } from "vitest";
import { CONNECTION_RESET, ERROR, OK, OVERLOAD, REFUSED, TIMEOUT } from "../../harness/model/outcome.ts";
import { LoadBalancer } from "../../harness/policies/load-balancer.ts";

interface Options {
  readonly shuffleAddressList?: boolean;
  readonly caller?: number;
}

function balancer({ shuffleAddressList = false, caller = 3 }: Options = {}): LoadBalancer {
  const machine = new LoadBalancer({ policy: "pickFirst", choiceCount: 2, shuffleAddressList }, 1, 2, caller);
  machine.route([7, 8, 9].map(endpoint), null);
  return machine;
}

function endpoint(id: number): { id: number; generation: number; variant: number } {
  return { id, generation: 0, variant: 0 };
}

/** The instances that a few attempts go to, each once. */
function picked(machine: LoadBalancer): number[] {
  return [...new Set(Array.from({ length: 20 }, (_, i) => machine.instanceOf(machine.pick(i, i, i))))];
}

describe("pick first", () => {
  it("sends everybody to the first of the list", () => {
    expect(picked(balancer())).toEqual([7]);
    expect(picked(balancer({ caller: 4 }))).toEqual([7]);
  });

  it("stays there whatever the endpoint answers, as long as it answers", () => {
    const machine = balancer();
    for (const cause of [OK, ERROR, TIMEOUT, OVERLOAD]) machine.settled(1, 7, 0, cause);
    expect(picked(machine)).toEqual([7]);
  });

  it("tries the next where one refuses, round the list, and stays where it got to", () => {
    const machine = balancer();
    expect(picked(machine)).toEqual([7]);
    for (const [refusing, next] of [
      [7, 8],
      [8, 9],
      [9, 7],
    ] as const) {
      machine.settled(1, refusing, 0, REFUSED);
      expect(picked(machine)).toEqual([next]);
    }
    machine.settled(1, 7, 0, REFUSED);
    // A late answer of one that it has left moves nothing.
    machine.settled(1, 9, 0, REFUSED);
    expect(picked(machine)).toEqual([8]);
  });

  it("tries the list from its beginning when a connection that stood is reset", () => {
    const machine = balancer();
    expect(picked(machine)).toEqual([7]);
    machine.settled(1, 7, 0, REFUSED);
    expect(picked(machine)).toEqual([8]);
    machine.settled(1, 8, 0, CONNECTION_RESET);
    expect(picked(machine)).toEqual([7]);
  });

  it("stays when others come and go, and begins anew when its own goes or is started again", () => {
    const machine = balancer();
    expect(picked(machine)).toEqual([7]);
    machine.settled(1, 7, 0, REFUSED);
    expect(picked(machine)).toEqual([8]);
    machine.route([5, 8, 9].map(endpoint), null);
    expect(picked(machine)).toEqual([8]);
    machine.route([5, 9].map(endpoint), null);
    expect(picked(machine)).toEqual([5]);
    machine.route([endpoint(4), { ...endpoint(5), generation: 1 }], null);
    expect(picked(machine)).toEqual([4]);
  });

  it("spreads callers where each has shuffled its list, and every one of them stays where it is", () => {
    const firsts = Array.from({ length: 60 }, (_, caller) => picked(balancer({ shuffleAddressList: true, caller })));
    expect(firsts.every(({ length }) => length === 1)).toBe(true);
    // A third of sixty each: 20 ± 3.7. Outside four deviations once in sixteen thousand shuffles.
    for (const instance of [7, 8, 9]) {
      const share = firsts.filter(([first]) => first === instance).length;
      expect(Math.abs(share - 20)).toBeLessThan(15);
    }
  });
});
