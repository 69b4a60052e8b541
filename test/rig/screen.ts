const rows = 50
const columns = 140
const control =
  /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[([0-9;?<>=]*)[ -/]*([@-~])|\u001b[ -/]*[0-~]|[\s\S]/gu

/**
 * What a person has before the eyes, scrolled off lines too. A program that draws only what differs from the screen before leaves
 * out letters in its stream, so the stream alone is not readable. Whole sequences only; a column for each character.
 */
export class Screen {
  readonly #lines: string[][] = []
  #top = 0
  #row = 0
  #column = 0
  #kept: readonly [number, number] = [0, 0]

  write(text: string): void {
    for (const [all, args = '', final] of text.matchAll(control)) {
      if (final !== undefined) this.#move(final, args)
      else if (all === '\r') this.#column = 0
      else if (all === '\n') this.#down()
      else if (all === '\b') this.#column = Math.max(0, this.#column - 1)
      else if (all === '\u001b7') this.#kept = [this.#row, this.#column]
      else if (all === '\u001b8') [this.#row, this.#column] = this.#kept
      else if (all.length <= 2 && all >= ' ') this.#put(all)
    }
  }

  /** One line; what a program broke into several is joined by a space. */
  text(): string {
    return this.#lines
      .map((line) =>
        Array.from(line, (one) => one ?? ' ')
          .join('')
          .trim(),
      )
      .filter((line) => line !== '')
      .join(' ')
      .replaceAll(/\s+/g, ' ')
  }

  #put(character: string): void {
    if (this.#column >= columns) {
      this.#column = 0
      this.#down()
    }
    this.#line()[this.#column] = character
    this.#column += 1
  }

  #line(): string[] {
    return (this.#lines[this.#top + this.#row] ??= [])
  }

  #down(): void {
    if (this.#row < rows - 1) this.#row += 1
    else this.#top += 1
    this.#line()
  }

  #move(final: string, args: string): void {
    if (/[?<>=]/.test(args)) return
    const [first = 0, second = 0] = args.split(';').map(Number)
    const count = Math.max(1, first)
    const line = this.#line()
    switch (final) {
      case 'A':
        this.#row = Math.max(0, this.#row - count)
        return
      case 'B':
        this.#row = Math.min(rows - 1, this.#row + count)
        return
      case 'C':
        this.#column = Math.min(columns - 1, this.#column + count)
        return
      case 'D':
        this.#column = Math.max(0, this.#column - count)
        return
      case 'G':
        this.#column = count - 1
        return
      case 'H':
        this.#row = Math.min(rows, count) - 1
        this.#column = Math.max(1, second) - 1
        return
      case 'K':
        if (first === 0) line.length = Math.min(line.length, this.#column)
        else line.fill(' ', 0, first === 1 ? this.#column + 1 : line.length)
        return
      case 'J':
        if (first === 0) {
          line.length = Math.min(line.length, this.#column)
          this.#lines.length = this.#top + this.#row + 1
        } else if (first === 2) this.#lines.length = this.#top
        else if (first === 3) {
          this.#lines.splice(0, this.#top)
          this.#top = 0
        }
        return
      default:
      // Colours, modes, and what a scripted session does not use.
    }
  }
}
