// What `npm start` shows, in one place.

export const DEMONSTRATION = {
  /** Relative to the repository. */
  scenario: "scenarios/strategies/playlist-bad-release.yaml",
  /** Run on the real fleet as well: the one that hurts most, and the one that contains. */
  telling: ["never-rolled-back", "canary"],
} as const;
