import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import type { EntryDraft, InclusionProof, LedgerTotal, VerifiedExport } from '../carbon/index.ts'
import type { CommandBody, CommandContext } from './command.ts'
import { errors } from './errors.ts'
import { exitCode } from './exit-code.ts'
import type { FlagSpec } from './flags.ts'
import { formatNumber } from './layout.ts'
import { creditsCommand } from './ledger-credits.ts'
import { withLedger } from './ledger-open.ts'

const site: FlagSpec = { flag: '--site', field: 'site', type: 'string', description: 'Id of the site', required: true }
const key: FlagSpec = {
  ...{ flag: '--key', field: 'key', type: 'string', required: false },
  description: 'Verifier key that you trust; without it the key of the file is taken at its word',
}

/** `mangrove ledger …`: entries in, proofs and one file out, and verification without a store. */
export const ledgerCommands = {
  append: {
    flags: [
      site,
      { flag: '--file', field: 'file', type: 'string', description: 'NDJSON of id, by, kind and body', required: true },
    ],
    run: (values, json, context) =>
      withLedger(values.site, context, true, async (ledger) => {
        const drafts = await readDrafts(String(values.file))
        const written = await Promise.all(drafts.map((draft) => ledger.append(draft)))
        const fresh = written.filter((one) => one.fresh).length
        const size = await ledger.size()
        if (json) context.terminal.out(JSON.stringify({ size, fresh, written }))
        else {
          context.terminal.out(
            `Wrote ${formatNumber(fresh)} entries into ${ledger.origin}, which has ${formatNumber(size)}`,
          )
          if (fresh < written.length)
            context.terminal.out(`  ${formatNumber(written.length - fresh)} were there already`)
        }
        return exitCode.ok
      }),
  },
  export: {
    flags: [
      site,
      { flag: '--out', field: 'out', type: 'string', description: 'File to write; default: stdout', required: false },
    ],
    run: (values, json, context) =>
      withLedger(values.site, context, false, async (ledger) => {
        if (values.out === undefined) {
          for await (const line of ledger.export()) context.terminal.out(line)
          return exitCode.ok
        }
        const out = createWriteStream(String(values.out))
        for await (const line of ledger.export()) {
          if (!out.write(`${line}\n`)) await once(out, 'drain')
        }
        out.end()
        await finished(out)
        const told = { file: String(values.out), verifierKey: ledger.verifierKey }
        if (json) context.terminal.out(JSON.stringify(told))
        else context.terminal.out(`Exported ${ledger.origin} into ${told.file}\n  Verifier key ${told.verifierKey}`)
        return exitCode.ok
      }),
  },
  verify: {
    flags: [
      { flag: '--file', field: 'file', type: 'string', description: 'Export, or proof', required: false },
      key,
      { ...site, description: 'Verify the kept ledger of this site instead of a file', required: false },
    ],
    async run(values, json, context) {
      const { terminal } = context
      if ((values.file === undefined) === (values.site === undefined)) {
        throw errors.missingArgument({ detail: 'Name a file, or a site by --site', expected: 'one of both' })
      }
      if (values.site !== undefined) {
        return withLedger(values.site, context, false, async (ledger) => {
          const { verifyExport } = await import('../carbon/index.ts')
          const verified = await verifyExport(ledger.export(), ledger.verifierKey)
          if (json) terminal.out(JSON.stringify(shownExport(verified)))
          else for (const line of exportLines(verified, 'of this store')) terminal.out(line)
          return exitCode.ok
        })
      }
      const file = String(values.file)
      await readable(file)
      const { verifyExport } = await import('../carbon/index.ts')
      const trusted = values.key === undefined ? undefined : String(values.key)
      const proof = await readProof(file)
      if (proof) return verifyProof(proof, trusted, json, terminal)
      const verified = await verifyExport(bytesLines(file), trusted)
      if (json) terminal.out(JSON.stringify(shownExport(verified)))
      else
        for (const line of exportLines(verified, trusted === undefined ? untold : 'the one that you trust'))
          terminal.out(line)
      return exitCode.ok
    },
  },
  proof: {
    flags: [
      site,
      {
        flag: '--entry',
        field: 'entry',
        type: 'string',
        description: 'Id of the entry, or its number',
        required: true,
      },
    ],
    run: (values, _, context) =>
      withLedger(values.site, context, false, async (ledger) => {
        const entry = String(values.entry)
        const proof = await ledger.prove(/^\d{1,15}$/.test(entry) ? Number(entry) : entry)
        context.terminal.out(JSON.stringify({ verifierKey: ledger.verifierKey, ...proof }))
        return exitCode.ok
      }),
  },
  credits: creditsCommand,
} satisfies Readonly<Record<string, CommandBody>>

async function readable(file: string): Promise<void> {
  if ((await stat(file).catch(() => undefined))?.isFile()) return
  throw errors.evidenceNotFound({ detail: 'There is no such file', found: file })
}

async function readDrafts(file: string): Promise<readonly EntryDraft[]> {
  await readable(file)
  const lines = (await readFile(file, 'utf8')).split('\n')
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return [JSON.parse(line) as EntryDraft]
    } catch (cause) {
      const place = { file, line: index + 1 }
      throw errors.evidenceUnreadable({ detail: 'The line is no JSON', place, found: line.slice(0, 80) }, { cause })
    }
  })
}

/** A proof is one JSON object; an export has its header in the first line. */
async function readProof(file: string): Promise<(InclusionProof & { readonly verifierKey?: string }) | undefined> {
  if ((await stat(file)).size > 1_000_000) return undefined
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    lines.close()
    try {
      const value = JSON.parse(line) as InclusionProof
      return typeof value === 'object' && value !== null && 'path' in value && 'entry' in value ? value : undefined
    } catch {
      return undefined
    }
  }
  return undefined
}

async function verifyProof(
  proof: InclusionProof & { readonly verifierKey?: string },
  trusted: string | undefined,
  json: boolean,
  terminal: CommandContext['terminal'],
): Promise<number> {
  const { checkInclusion } = await import('../carbon/index.ts')
  const verifierKey = trusted ?? String(proof.verifierKey)
  const { origin, size, root, time } = checkInclusion(proof, verifierKey)
  const told = { ...{ ok: true, origin, number: proof.number, size, root: root.toString('hex'), time }, verifierKey }
  if (json) terminal.out(JSON.stringify(told))
  else
    terminal.out(
      `Entry ${proof.number} is in ${origin}, of ${formatNumber(size)} entries at ${time}\n  Root ${told.root}`,
    )
  return exitCode.ok
}

/** Lines of a file by line feeds alone: a carriage return is a byte like others. */
async function* bytesLines(file: string): AsyncIterable<string> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer)
    let from = 0
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      yield bytes.toString('utf8', from, at)
      from = at + 1
    }
    rest = bytes.subarray(from)
  }
  if (rest.length > 0) yield rest.toString('utf8')
}

const untold = 'of the file itself: compare it with one from its owner'

const shownExport = ({ checkpoint: { origin, size, root, time }, verifierKey, totals }: VerifiedExport) => ({
  ...{ ok: true, origin, size, root: root.toString('hex'), time, verifierKey, totals },
})

function exportLines({ checkpoint, verifierKey, totals }: VerifiedExport, whose: string): readonly string[] {
  const { origin, size, root, time } = checkpoint
  return [
    `${origin}: ${formatNumber(size)} entries, whole as they were signed at ${time}`,
    `  Root ${root.toString('hex')}`,
    `  Key  ${verifierKey} (${whose})`,
    ...totals.map(totalLine),
  ]
}

function totalLine({
  book,
  scope,
  category,
  method,
  gas,
  gwpSet,
  boundary,
  amountKg,
  entries,
  toVerify,
}: LedgerTotal): string {
  const head = [book, scope === undefined ? '' : `scope ${scope}`, category, method].filter(Boolean).join(', ')
  const basis = [gas, gwpSet, boundary].filter(Boolean).join(', ')
  const mark = toVerify > 0 ? `; ${formatNumber(toVerify)} stand on factors that are to be verified` : ''
  return `  ${head}: ${amountKg} kg (${basis}), ${formatNumber(entries)} entries${mark}`
}
