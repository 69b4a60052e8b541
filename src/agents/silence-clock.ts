/** A timer that is longer fires at once. */
export const LONGEST_MS = 2 ** 31 - 1

/** Tells once nothing was seen for so long. */
export class SilenceClock {
  private readonly ms: number
  private timer: NodeJS.Timeout | undefined

  constructor(ms: number) {
    this.ms = Math.min(ms, LONGEST_MS)
  }

  begin(tell: () => void): void {
    this.timer = setTimeout(tell, this.ms)
  }

  restart(): void {
    this.timer?.refresh()
  }

  end(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}
