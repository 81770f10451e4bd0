// Mechanisms of a caller.
import { type Mechanism, NO_THEORY, SAME_MACHINE } from "./mechanism.ts";

export const calls: readonly Mechanism[] = [
  {
    name: "Timeouts, and the deadline that travels",
    words: ["call.timeout", "call.attemptTimeout"],
    sim: "test/policies/call.test.ts",
    live: "test/wire/outgoing-calls.test.ts",
    theory: NO_THEORY,
    scenario: "scenarios/strategies/metastable.yaml#as-published",
  },
  {
    name: "Retries with back-off and jitter",
    words: ["call.retry"],
    sim: "test/policies/call-retries.test.ts",
    live: "test/verify/parity.test.ts",
    theory: "test/policies/backoff.test.ts",
    scenario: "scenarios/regressions/retry-64.yaml",
  },
  {
    name: "Retry budget in proportion to calls (Finagle)",
    words: ["call.retry.budget"],
    sim: "test/policies/ratio-budget.test.ts",
    live: "test/verify/parity.test.ts",
    theory: "test/policies/ratio-budget.test.ts",
    scenario: "scenarios/mechanisms/retry-budgets.yaml#ratio",
  },
  {
    name: "Retry budget of tokens (gRPC's throttling)",
    words: ["call.retry.budget.maxTokens"],
    sim: "test/policies/retry-budget.test.ts",
    live: SAME_MACHINE,
    theory: "test/policies/retry-budget.test.ts",
    scenario: "scenarios/mechanisms/retry-budgets.yaml#tokens",
  },
  {
    name: "Retry budget of concurrency (Envoy)",
    words: ["call.retry.budget.minConcurrency"],
    sim: "test/policies/retry-budget.test.ts",
    live: SAME_MACHINE,
    theory: "test/policies/retry-budget.test.ts",
    scenario: "scenarios/mechanisms/retry-budgets.yaml#concurrency",
  },
  {
    name: "Retry quota (AWS SDKs)",
    words: ["call.retry.budget.retryCost"],
    sim: "test/policies/retry-budget.test.ts",
    live: SAME_MACHINE,
    theory: "test/policies/retry-budget.test.ts",
    scenario: "scenarios/mechanisms/retry-budgets.yaml#quota",
  },
  {
    name: "Circuit breaker",
    words: ["call.circuitBreaker"],
    sim: "test/policies/circuit-breaker.test.ts",
    live: "test/verify/parity.test.ts",
    theory: "test/policies/circuit-breaker-libraries.test.ts",
    scenario: "scenarios/strategies/metastable.yaml#circuit-breaker",
  },
  {
    name: "Load balancing",
    words: ["call.loadBalancer"],
    sim: "test/policies/load-balancer.test.ts",
    live: SAME_MACHINE,
    theory: "test/sim/theory-fleets.test.ts",
    scenario: "scenarios/strategies/playlist-bad-release.yaml#canary",
  },
];
