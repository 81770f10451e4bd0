// What live requests carry: pools of made-up users, tracks and carts, the same for the same seed on any day.
// A payload costs about a tenth of a millisecond to make, so a pool is made when the run starts and requests take turns.
import type { Faker } from "@faker-js/faker";
import { faker as english } from "@faker-js/faker/locale/en";
import { unreachable } from "../core/assert.ts";
import { hashText, unit } from "../core/key.ts";
import { Stream } from "../core/stream.ts";
import type { PayloadKind } from "../model/load-plan.ts";

const POOL_SIZE = 256;

/** Dates in payloads lie before this, not before the day of the run. */
const REFERENCE_DATE = "2025-01-01T00:00:00.000Z";

const PURPOSE = hashText("load/payloads");

/** The payloads of one kind for one run. */
export class Payloads {
  readonly #pool: readonly string[];

  constructor(kind: PayloadKind, seed: number) {
    const faker = fakerFrom(new Stream(seed, `load/payloads/${kind}`));
    this.#pool = kind === "none" ? [""] : Array.from({ length: POOL_SIZE }, () => JSON.stringify(make(kind, faker)));
  }

  /** The body (JSON, or empty) of the request of this key. */
  of(high: number, low: number): string {
    return this.#pool[Math.floor(unit(high, low, PURPOSE) * this.#pool.length)]!;
  }
}

function make(kind: Exclude<PayloadKind, "none">, faker: Faker): Readonly<Record<string, unknown>> {
  switch (kind) {
    case "user":
      return {
        id: faker.string.uuid(),
        name: faker.person.fullName(),
        email: faker.internet.email(),
        city: faker.location.city(),
        registered: faker.date.past({ years: 3 }).toISOString(),
      };
    case "track":
      return {
        id: faker.string.uuid(),
        title: faker.music.songName(),
        artist: faker.music.artist(),
        album: faker.music.album(),
        genre: faker.music.genre(),
        durationMs: faker.number.int({ min: 90_000, max: 420_000 }),
      };
    case "cart":
      return {
        id: faker.string.uuid(),
        user: faker.string.uuid(),
        currency: faker.finance.currencyCode(),
        items: Array.from({ length: faker.number.int({ min: 1, max: 5 }) }, () => ({
          sku: faker.string.alphanumeric(10),
          product: faker.commerce.productName(),
          price: faker.commerce.price(),
          quantity: faker.number.int({ min: 1, max: 3 }),
        })),
      };
    default:
      return unreachable(kind);
  }
}

/**
 * A faker that draws from our stream. The locale's own entry exports an instance only, and the package's entry loads
 * every language (ten times as slow), so the class is taken from the instance.
 */
function fakerFrom(random: Stream): Faker {
  const OwnFaker = english.constructor as typeof Faker;
  const faker = new OwnFaker({
    locale: english.rawDefinitions,
    randomizer: { next: () => random.next(), seed: () => undefined },
  });
  faker.setDefaultRefDate(REFERENCE_DATE);
  return faker;
}
