/** Where in an input something was found. */
export interface Place {
  /** File name as the user wrote it. */
  readonly file?: string
  /** 1-based line of the file. */
  readonly line?: number
  /** Path inside the document: `assets.roof.capacityKwp`. */
  readonly path?: string
}

/** One thing that is wrong with an input, complete enough to mend it without asking. */
export interface Problem {
  /** Stable code, `<room>.<kebab-name>`. */
  readonly code: string
  /** HTTP status that the server answers with. */
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly place?: Place
  /** The offending value as found. */
  readonly found?: unknown
  /** What would have been right: a range, a unit, a list of choices. */
  readonly expected?: string
}

/** What a catalogue entry fixes once for all its uses. */
export interface ErrorSpec {
  readonly status: number
  readonly title: string
}

export type ProblemDetails = Pick<Problem, 'detail'> & Partial<Pick<Problem, 'place' | 'found' | 'expected'>>

/**
 * An expected failure. Carries every problem found, not the first only.
 * Anything else that is thrown is a bug.
 */
export class MangroveError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join('\n'), options)
    this.name = 'MangroveError'
    this.problems = problems
  }

  get code(): string {
    return this.problems[0]?.code ?? 'kernel.unknown'
  }

  get status(): number {
    return this.problems[0]?.status ?? 500
  }
}

/** `site.yaml:12 assets.roof.capacityKwp: … (found -3, expected 0 kWp or more) [kernel.out-of-range]` */
export function formatProblem(problem: Problem): string {
  const { place } = problem
  const where = [place?.file && place.line ? `${place.file}:${place.line}` : place?.file, place?.path].filter(Boolean)
  const facts = [
    problem.found === undefined ? undefined : `found ${show(problem.found)}`,
    problem.expected === undefined ? undefined : `expected ${problem.expected}`,
  ].filter(Boolean)
  const head = where.length > 0 ? `${where.join(' ')}: ` : ''
  const text = `${head}${problem.detail}${facts.length > 0 ? ` (${facts.join(', ')})` : ''} [${problem.code}]`
  // What stood in a file goes to a terminal here: no control character may.
  return text.replace(/\p{Cc}/gu, '\uFFFD')
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

type Catalogue<Names extends string> = {
  readonly [Name in Names]: ((details: ProblemDetails, options?: ErrorOptions) => MangroveError) & {
    /** Builds the problem without throwing, to collect several. */
    readonly problem: (details: ProblemDetails) => Problem
  }
}

/**
 * Declares a room's error catalogue once.
 *
 * @example
 * const errors = defineErrors('weather', { columnMissing: { status: 422, title: 'Column is missing' } })
 * throw errors.columnMissing({ detail: 'The EPW data needs 35 columns', found: 12 })
 */
export function defineErrors<const Specs extends Record<string, ErrorSpec>>(
  room: string,
  specs: Specs,
): Catalogue<keyof Specs & string> {
  const entries = Object.entries(specs).map(([name, spec]) => {
    const code = `${room}.${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    const problem = (details: ProblemDetails): Problem => ({ code, ...spec, ...details })
    const build = (details: ProblemDetails, options?: ErrorOptions): MangroveError =>
      new MangroveError([problem(details)], options)
    return [name, Object.assign(build, { problem })] as const
  })
  return Object.fromEntries(entries) as unknown as Catalogue<keyof Specs & string>
}
