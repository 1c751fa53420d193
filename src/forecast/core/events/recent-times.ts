import type { StateCopier } from '../memory/state-copier.ts';

/** How far demand is from the usual is forgotten with this time constant. */
const forgetSeconds = 2 * 3600;

/** How many times ordinary demand lately is that which is usual, as a root. */
export class RecentTimes {
  readonly #keep: number;
  #product = 0;
  #square = 0;

  constructor(gridSeconds: number) {
    this.#keep = Math.exp(-gridSeconds / forgetSeconds);
  }

  copyState(copier: StateCopier): void {
    this.#product = copier.number(this.#product);
    this.#square = copier.number(this.#square);
  }

  get times(): number {
    return this.#square > 0 ? this.#product / this.#square : 1;
  }

  learn(root: number, usual: number): void {
    this.#product = this.#keep * this.#product + usual * root;
    this.#square = this.#keep * this.#square + usual * usual;
  }
}
