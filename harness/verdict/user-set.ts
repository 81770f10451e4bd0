// Users by their number, each once: a bit per user, in pieces. It suits those of a run, who lie close together; a few out
// of hundreds of millions would take a piece each.

const PIECE_BITS = 0x8000;
const WORD_BITS = 32;

export class UserSet {
  readonly #pieces = new Map<number, Int32Array<ArrayBuffer>>();
  #size = 0;
  /** The last one that was met: users mostly come in ascending order. */
  #piece = new Int32Array(0);
  #number = -1;

  get size(): number {
    return this.#size;
  }

  /** A whole number, not negative. */
  add(user: number): void {
    const number = Math.floor(user / PIECE_BITS);
    if (number !== this.#number) this.#turnTo(number);
    const at = user - number * PIECE_BITS;
    const word = (at / WORD_BITS) | 0;
    const bit = 1 << (at % WORD_BITS);
    const bits = this.#piece[word]!;
    if ((bits & bit) !== 0) return;
    this.#piece[word] = bits | bit;
    this.#size++;
  }

  #turnTo(number: number): void {
    let piece = this.#pieces.get(number);
    if (piece === undefined) {
      piece = new Int32Array(PIECE_BITS / WORD_BITS);
      this.#pieces.set(number, piece);
    }
    this.#piece = piece;
    this.#number = number;
  }
}
