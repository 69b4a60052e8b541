import type { StopHow } from './agent.ts'

/** Orders to stop, which may come at any time. */
export class StopOrder {
  private readonly soft = new AbortController()
  private readonly now = new AbortController()

  give(how: StopHow): void {
    if (how === 'now') this.now.abort()
    this.soft.abort()
  }

  get isGiven(): boolean {
    return this.soft.signal.aborted
  }

  get isNow(): boolean {
    return this.now.signal.aborted
  }

  onGiven(listener: () => void): void {
    this.soft.signal.addEventListener('abort', listener, { once: true })
  }

  onNow(listener: () => void): void {
    this.now.signal.addEventListener('abort', listener, { once: true })
  }
}
