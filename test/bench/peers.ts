// The programs that we are measured against: fetched or compiled when the bench first runs, or named as missing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { outputOf } from "./measurement.ts";

/** How to start it, or why it cannot be had. */
export type Peer = { readonly command: readonly string[] } | { readonly missing: string };

const PEERS = fileURLToPath(new URL("peers/", import.meta.url));
const LIMIT = fileURLToPath(new URL("limit/des_limit.cpp", import.meta.url));
const PYTHON = ["/usr/bin/python3", "python3"];

/** A package of peers/package.json, which `npm ci` fetches once; `withOptional` also brings the large ones. */
export async function npmPeer(name: string, command: readonly string[], withOptional: boolean): Promise<Peer> {
  const isThere = (): boolean => existsSync(join(PEERS, "node_modules", name, "package.json"));
  if (isThere()) return { command };
  const npm = process.env["npm_execpath"];
  const start = npm === undefined ? ["npm"] : [process.execPath, npm];
  const omit = withOptional ? [] : ["--omit=optional"];
  try {
    await outputOf([...start, "ci", "--ignore-scripts", "--no-audit", "--no-fund", ...omit], PEERS);
  } catch (error) {
    return { missing: `npm ci in test/bench/peers failed: ${String(error)}` };
  }
  return isThere() ? { command } : { missing: `npm ci in test/bench/peers did not bring ${name}` };
}

export function peerFile(name: string): string {
  return join(PEERS, name);
}

/** The C++ limit, compiled into a folder. */
export async function limitPeer(folder: string): Promise<Peer> {
  const program = join(folder, "des_limit");
  try {
    await outputOf(["g++", "-O3", "-o", program, LIMIT]);
  } catch (error) {
    return { missing: `g++ -O3 failed (Debian: apt-get install g++): ${String(error)}` };
  }
  return { command: [program] };
}

/** SimPy for the first Python that has it. */
export async function simpyPeer(): Promise<Peer> {
  for (const python of PYTHON) {
    try {
      await outputOf([python, "-c", "import simpy"]);
      return { command: [python, peerFile("simpy_bench.py")] };
    } catch {
      // Perhaps the next one has it.
    }
  }
  return { missing: "no Python here can import it (Debian: apt-get install python3-simpy3)" };
}
