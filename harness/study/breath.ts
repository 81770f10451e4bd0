// Lets a long simulation be interrupted: gives the event loop a turn now and then, and costs nothing otherwise.

/** Between two turns, in milliseconds of wall time. */
const INTERVAL_MS = 50;

/** To be called as often as one likes; `onTurn` is called before each turn. */
export function breath(onTurn: () => void = () => {}): () => void | Promise<void> {
  let lastMs = performance.now();
  return () => {
    const nowMs = performance.now();
    if (nowMs - lastMs < INTERVAL_MS) return undefined;
    lastMs = nowMs;
    onTurn();
    return new Promise((resolve) => setImmediate(resolve));
  };
}
