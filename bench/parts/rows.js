// One figure of a case. `limit` is the most it may be; `unit` is '×', 'ms' or 'MB'.
import { median, perRound } from './measure.js'

/** Ours divided by the sum of the references, by round; the medians beside it. */
export function ratio(name, samples, ours, references, limit) {
  return {
    name,
    figure: perRound(samples, (one) => one[ours] / sumOf(one, references)),
    unit: '×',
    limit,
    ms: median(samples[ours]),
    referenceMs: sumOf(
      Object.fromEntries(references.map((each) => [each, median(samples[each])])),
      references,
    ),
    reference: references.join(' + '),
  }
}

/** Milliseconds that ours takes more than the reference, by round. */
export function extra(name, samples, ours, reference, limit) {
  return {
    name,
    figure: perRound(samples, (one) => one[ours] - one[reference]),
    unit: 'ms',
    limit,
    ms: median(samples[ours]),
    referenceMs: median(samples[reference]),
    reference,
  }
}

/** A number without a time: memory, size on disk. */
export function amount(name, figure, unit, limit) {
  return { name, figure, unit, limit, ms: null, referenceMs: null, reference: null }
}

function sumOf(one, names) {
  return names.reduce((sum, name) => sum + one[name], 0)
}
