/** One pass through a list of gates: what earlier ones keep for those behind them. */
export class GateRow {
  private readonly layers: { readonly path: string; readonly remove: () => void }[] = []

  /** Layers above the tree, the latest last. */
  get found(): readonly string[] {
    return this.layers.map((layer) => layer.path)
  }

  keep(path: string, remove: () => void): void {
    this.layers.push({ path, remove })
  }

  /** No gate of it runs any more. */
  end(): void {
    for (const layer of this.layers.splice(0)) layer.remove()
  }
}
