/** What a program counted, by the names and labels of its `/metrics`. */
export interface Counts {
  /** The sum of a metric over all samples that have these labels. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number
}

const SAMPLE = /^(\w+)(?:\{(.*)\})? (\S+)$/

/** Reads the text format of Prometheus. */
export function readCounts(text: string): Counts {
  const samples = text.split('\n').flatMap(line => {
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? []
    return name === '' ? [] : [{ name, labels, value: Number(value) }]
  })
  return {
    sum: (name, labels = {}) => {
      const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
      const found = samples.filter(sample => sample.name === name && wanted.every(each => sample.labels.includes(each)))
      return found.reduce((sum, { value }) => sum + value, 0)
    },
  }
}
