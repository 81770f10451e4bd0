// What every part of the live bench is given.
import type { HttpPeers } from "./http-peers.ts";

export interface LiveOptions {
  readonly rounds: number;
  readonly peers: HttpPeers;
  /** For files that peers read. */
  readonly folder: string;
  readonly say: (line: string) => void;
}
