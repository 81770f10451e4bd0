// A scenario that takes a blink: one service, a release that fails, two strategies.

export const TOPOLOGY = `
topology: small
teams: { core: { responders: 1, acknowledge: 10s, diagnose: 10s } }
services:
  front: { team: core, replicas: 4, operations: { get: [2ms, back.read] } }
  back: { team: core, replicas: 4, operations: { read: [3ms] } }
`;

export function scenario({
  name = "small",
  share = "30%",
  duration = "4m",
  rate = "50/s",
  expect = { everywhere: "unmitigated", canary: "contained" },
}: {
  readonly name?: string;
  readonly share?: string;
  readonly duration?: string;
  readonly rate?: string;
  readonly expect?: { readonly everywhere: string; readonly canary: string };
} = {}): string {
  return `
scenario: ${name}
topology: ./topology.yaml
vars: { share: ${share} }
seed: 7
warmUp: 20s
duration: ${duration}
journeys: { get: { start: front.get, objective: { good: 99%, within: 500ms } } }
load: { users: { journey: get, rate: ${rate}, arrivals: poisson, users: 5000 } }
versions: { bad: { service: back, changes: { errors: { share: $(share), status: 500 } } } }
timeline: [{ at: 30s, release: bad }]
analysis: { health: { interval: 10s, count: 2, failureLimit: 0, metrics: [{ metric: availability, atLeast: 95% }] } }
strategies:
  everywhere: { rollout: { kind: everywhere }, expect: ${expect.everywhere} }
  canary:
    rollout: { kind: canary, steps: [10, { analysis: health }] }
    respond: [{ when: analysis, do: rollback }]
    expect: ${expect.canary}
containment: { within: [back], users: 10%, recoverWithin: 1m }
`;
}
