// One bucket a second out of those that the processes of the fleet close: merged when all have reported, or at the
// deadline without those that have not. Buckets leave in order, each once.
import type { Bucket } from "../signals/bucket.ts";
import { emptyBucket, mergeBuckets } from "../signals/merge.ts";

/** A process that reports, by the supervisor's own number for it. */
export type Member = number;

export class BucketGathering {
  readonly #onBucket: (bucket: Bucket) => void;
  /** The last bucket each member has reported whole; a member is awaited from its first report on. */
  readonly #reported = new Map<Member, number>();
  /** What has come in so far, by bucket index. */
  readonly #gathered = new Map<number, Bucket>();
  /** The bucket to leave next. */
  #next = 0;

  constructor(onBucket: (bucket: Bucket) => void) {
    this.#onBucket = onBucket;
  }

  /** Index of the first bucket that has not left yet. */
  get next(): number {
    return this.#next;
  }

  /** From now on bucket `index` and those after it wait for this member. */
  join(member: Member, index: number): void {
    this.#reported.set(member, index - 1);
  }

  /** This member reports nothing more. */
  leave(member: Member): void {
    this.#reported.delete(member);
    this.#release();
  }

  report(member: Member, bucket: Bucket, isPartial: boolean): void {
    // What comes after its bucket has left (a process that stood still) counts in the next one: late beats lost.
    const index = Math.max(bucket.index, this.#next);
    const known = this.#gathered.get(index);
    const part = index === bucket.index ? bucket : { ...bucket, index };
    this.#gathered.set(index, known === undefined ? part : mergeBuckets(known, part));
    const last = this.#reported.get(member);
    if (!isPartial && (last === undefined || last < bucket.index)) this.#reported.set(member, bucket.index);
    this.#release();
  }

  /** The deadline of this bucket has come: it leaves (with those before it) whoever is missing. */
  expire(index: number): void {
    while (this.#next <= index) this.#leave(this.#missing());
    this.#release();
  }

  #release(): void {
    while (this.#reported.size > 0 && this.#gathered.has(this.#next) && this.#missing() === 0) this.#leave(0);
  }

  #leave(missing: number): void {
    const bucket = this.#gathered.get(this.#next) ?? emptyBucket(this.#next);
    this.#gathered.delete(this.#next);
    this.#next++;
    this.#onBucket({ ...bucket, missing });
  }

  #missing(): number {
    let missing = 0;
    for (const last of this.#reported.values()) if (last < this.#next) missing++;
    return missing;
  }
}
