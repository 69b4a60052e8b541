// The result for people: one line per figure, with what is to be reached and, if asked for, the earlier figure.
const { stdout } = process

export function printTable({ machine, cases, quick }, before) {
  const head = ['case', 'figure', 'reach', 'ours', 'reference', ...(before ? ['before'] : [])]
  const lines = cases.flatMap((one) =>
    one.rows.map((row) => [
      `${one.name}: ${row.name}`,
      text(row.figure, row.unit),
      row.limit === null ? '' : `${row.figure <= row.limit ? 'yes' : 'NO '} ≤ ${text(row.limit, row.unit)}`,
      row.ms === null ? '' : text(row.ms, 'ms'),
      row.referenceMs === null ? '' : `${text(row.referenceMs, 'ms')} ${row.reference}`,
      ...(before ? [earlier(before, one.name, row)] : []),
    ]),
  )
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at].length)))
  for (const line of [head, widths.map((width) => '-'.repeat(width)), ...lines])
    stdout.write(
      `${line
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd()}\n`,
    )
  stdout.write(
    `\nautonomous-loop ${machine.version} (${machine.commit}), node ${machine.node}, git ${machine.git}, ${machine.os}, ${machine.cpu}, load ${machine.load.join(' ')}\n`,
  )
  if (quick) stdout.write('--quick: the figures mean little.\n')
}

function earlier(before, name, row) {
  const found = before.cases
    .find((one) => one.name === name)
    ?.rows.find((one) => one.name === row.name && one.unit === row.unit)
  return found ? text(found.figure, found.unit) : ''
}

function text(value, unit) {
  const digits = unit === '×' ? 2 : Math.abs(value) < 100 ? 1 : 0
  return `${value.toFixed(digits)} ${unit}`
}
