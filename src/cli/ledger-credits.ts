import { writeFile } from 'node:fs/promises'
import type { AefReport, AefTableName, CreditEntry, Ledger } from '../carbon/index.ts'
import type { CommandBody } from './command.ts'
import { errors } from './errors.ts'
import { exitCode } from './exit-code.ts'
import type { FlagSpec } from './flags.ts'
import { formatNumber } from './layout.ts'
import { withLedger } from './ledger-open.ts'

const tables = ['submission', 'authorizations', 'actions', 'holdings'] as const satisfies readonly AefTableName[]
const formats = ['aef', 'cad-trust'] as const

const flag = (name: string, type: FlagSpec['type'], description: string): FlagSpec => ({
  ...{ flag: `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, field: name, type },
  ...{ description, required: false },
})

/** `mangrove ledger credits`: the credits of a ledger in the shape that registries and parties hand to each other. */
export const creditsCommand: CommandBody = {
  flags: [
    { ...flag('site', 'string', 'Id of the site'), required: true },
    { ...flag('format', 'string', `${formats.join(' or ')}`), default: 'cad-trust' },
    flag('party', 'string', 'Of aef: the reporting party, ISO 3166-1: CN'),
    flag('year', 'integer', 'Of aef: the year that is reported'),
    flag('registry', 'string', 'Of aef: id of the ITMO registry: CHN01'),
    flag('approach', 'json', 'Of aef: cooperative approach of each project: {"MGR-1":"CA0001"}'),
    flag('ndcFrom', 'integer', 'Of aef: first year of the NDC'),
    flag('ndcTo', 'integer', 'Of aef: last year of the NDC'),
    flag('table', 'string', `Of aef: one table as CSV: ${tables.join(', ')}`),
    flag('out', 'string', 'File to write; default: stdout'),
  ],
  run: (values, json, context) =>
    withLedger(values.site, context, false, async (ledger) => {
      const { terminal } = context
      const format = oneOf('format', values.format ?? 'cad-trust', formats)
      const table = values.table === undefined ? undefined : oneOf('table', values.table, tables)
      const text = format === 'aef' ? await aefText(ledger, values, table) : await cadTrustText(ledger)
      if (values.out === undefined) terminal.out(text.whole)
      else {
        await writeFile(String(values.out), `${text.whole}\n`)
        if (json) terminal.out(JSON.stringify({ file: String(values.out), format }))
        else terminal.out([`Exported ${ledger.origin} into ${String(values.out)}`, ...text.told].join('\n'))
      }
      return exitCode.ok
    }),
}

interface Exported {
  /** What stands in the file. */
  readonly whole: string
  /** Lines for a person. */
  readonly told: readonly string[]
}

async function cadTrustText(ledger: Ledger): Promise<Exported> {
  const { cadTrustExport } = await import('../carbon/index.ts')
  const projects = await ledger.read(({ credits }) => cadTrustExport(credits))
  const units = projects.reduce((sum, project) => sum + project.units.length, 0)
  return {
    whole: JSON.stringify(projects, null, 2),
    told: [`  ${formatNumber(projects.length)} projects, ${formatNumber(units)} blocks of units`],
  }
}

async function aefText(
  ledger: Ledger,
  values: Readonly<Record<string, unknown>>,
  table: AefTableName | undefined,
): Promise<Exported> {
  const { aefCsv, aefReport, dayOf } = await import('../carbon/index.ts')
  const { systemClock } = await import('../kernel/index.ts')
  if (values.party === undefined || values.year === undefined) {
    throw errors.missingArgument({
      detail: 'A report of Article 6.2 is of a party and a year',
      expected: '--party and --year',
    })
  }
  const report = aefReport(await creditEntries(ledger), {
    ...{ party: String(values.party), year: Number(values.year), date: dayOf(systemClock.now()) },
    ...(values.registry === undefined ? {} : { registry: String(values.registry) }),
    ...(values.approach === undefined ? {} : { approaches: approachesOf(values.approach) }),
    ...(values.ndcFrom === undefined ? {} : { ndcFrom: Number(values.ndcFrom) }),
    ...(values.ndcTo === undefined ? {} : { ndcTo: Number(values.ndcTo) }),
  })
  return {
    whole: table === undefined ? JSON.stringify(report, null, 2) : aefCsv(table, report.tables[table]),
    told: toldOf(report),
  }
}

const toldOf = ({ party, year, tables: rows, account, missing, verify }: AefReport): readonly string[] => [
  `  ${party} ${year}: ${tables.map((name) => `${formatNumber(rows[name].length)} ${name}`).join(', ')}`,
  `  acquired ${account.acquiredT} t, passed on ${account.transferredOnT} t, used ${account.usedT} t, cancelled ${account.cancelledT} t, holds ${account.holdingsT} t`,
  ...(missing.length > 0 ? [`  Nobody told: ${missing.join('; ')}`] : []),
  ...verify.map((why) => `  To verify: ${why}`),
]

async function creditEntries(ledger: Ledger): Promise<readonly CreditEntry[]> {
  const found: CreditEntry[] = []
  for await (const { id, atMs, kind, body } of ledger.entries(0, await ledger.size())) {
    if (kind === 'credit') found.push({ id, atMs, event: body.event })
  }
  return found
}

function oneOf<const Names extends readonly string[]>(name: string, value: unknown, names: Names): Names[number] {
  if (names.includes(String(value))) return String(value)
  throw errors.flagValue({ detail: `--${name} does not know this`, found: value, expected: names.join(', ') })
}

function approachesOf(value: unknown): Readonly<Record<string, string>> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isRecord && Object.values(value).every((one) => typeof one === 'string' && /^CA\d{4}$/.test(one))) {
    return value as Readonly<Record<string, string>>
  }
  throw errors.flagValue({
    detail: '--approach does not fit',
    found: value,
    expected: 'approaches by project: {"MGR-1":"CA0001"}',
  })
}
