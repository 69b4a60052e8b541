/** Columns of the screen that a stream ends on; null where it ends somewhere else. */
export function screenWidth(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | null {
  return stream.isTTY === true ? Math.max(40, stream.columns || 80) : null
}
