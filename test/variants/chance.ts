/** Draws that a seed decides, so that a case can be played again. */
export class Chance {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** Below `end`, from 0 on. */
  below(end: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end)
  }

  of<T>(many: readonly T[]): T {
    const one = many[this.below(many.length)]
    if (one === undefined) throw new Error('nothing to draw from')
    return one
  }

  yes(): boolean {
    return this.below(2) === 0
  }

  /** A name that no list has. */
  name(): string {
    const syllables = ['ka', 'lo', 'mi', 'ran', 'te', 'sul', 'vor', 'ni', 'qua', 'pe']
    return Array.from({ length: 2 + this.below(2) }, () => this.of(syllables)).join('')
  }
}
