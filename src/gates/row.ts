/** What a gate wrote, as far as it is kept. */
export interface KeptLayer {
  readonly path: string
  /** Leaves what these globs name. */
  readonly cut: (globs: readonly string[]) => void
  readonly remove: () => void
}

/** One pass through a list of gates, or through the steps of one: what earlier ones keep for those behind them. */
export class GateRow {
  private readonly layers: KeptLayer[] = []
  private readonly outer: GateRow | null
  private readonly before: readonly string[]

  /** `outer`: these are the steps of one gate of that row. */
  constructor(outer: GateRow | null = null) {
    this.outer = outer
    // A parallel neighbour may keep something meanwhile.
    this.before = outer?.found ?? []
  }

  /** What one step wrote goes on to the next. */
  get isOfSteps(): boolean {
    return this.outer !== null
  }

  /** Of this row alone, the latest last. */
  get own(): readonly string[] {
    return this.layers.map((layer) => layer.path)
  }

  /** Layers above the tree, the latest last. */
  get found(): readonly string[] {
    return [...this.before, ...this.own]
  }

  keep(layer: KeptLayer): void {
    this.layers.push(layer)
  }

  /** No gate of it runs any more. `keeps`: what of all steps goes on to the gates behind. */
  end(keeps: readonly string[] = []): void {
    for (const layer of this.layers.splice(0)) {
      if (this.outer === null || keeps.length === 0) layer.remove()
      else {
        layer.cut(keeps)
        this.outer.keep(layer)
      }
    }
  }
}
