/**
 * The world's chance. Rule: nothing else in host-sim draws random numbers, and each cause draws
 * from a stream of its own name, so that a new cause does not change what the others draw.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export class Random {
  readonly #seed: number;
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#seed = seed;
    this.#generator = xoroshiro128plus(seed);
  }

  /** An independent stream: the same for the same seed and name, whatever was drawn before. */
  fork(name: string): Random {
    return new Random(mix(this.#seed, name));
  }

  /** From 0 up to, but not including, 1. */
  unit(): number {
    return uniformFloat64(this.#generator);
  }

  /** From `min` up to, but not including, `max`. */
  between(min: number, max: number): number {
    return min + (max - min) * this.unit();
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return uniformInt(this.#generator, min, max);
  }
}

/** FNV-1a over the name, started from the seed. */
function mix(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  // A last stir (murmur3's), or names that differ in their last letter give related seeds.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
