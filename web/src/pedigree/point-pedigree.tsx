import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChartLine } from 'lucide-react'
import { ask } from '../api/client.ts'
import { useSite } from '../api/queries.ts'
import { keptSearch } from '../app/frame-search.ts'
import { ageOf, dayAndTime, preciseTime } from '../format/times.ts'
import { Value } from '../ui/figure.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import type { Pedigree } from './pedigree.ts'
import { type Newest, useNewest, usePoint, useRows } from './pedigree-queries.ts'
import { addressOf } from './point-address.ts'

interface PointPedigreeProps {
  readonly from: Extract<Pedigree, { kind: 'point' }>
  readonly zone: string
  onOpen(from: Pedigree): void
}

interface ToldPoints {
  readonly gateways: readonly { readonly id: string; readonly points: readonly string[] }[]
}

/** A point: what it is, who tells it, its newest value, and the rows behind a value of history. */
export function PointPedigree({ from: { site, ref, timestampMs }, zone, onOpen }: PointPedigreeProps) {
  const words = useWords()
  const { say } = words
  const point = usePoint(site, ref)
  const newest = useNewest(site, ref).data
  const sections = useSite(site).data?.sections
  const gateways = useQuery({
    queryKey: ['told-points', site],
    queryFn: ({ signal }) => ask<ToldPoints>(`/api/v1/sites/${encodeURIComponent(site)}/gateways`, { signal }),
    staleTime: 60_000,
  }).data?.gateways
  if (point.error) return <Failure error={point.error} retry={() => void point.refetch()} />
  if (!point.data) return <Skeleton height={320} />
  const { title, unit, role, origin, expression, inputs = [], accuracyClass } = point.data
  const told = gateways?.find(({ points }) => points.includes(ref))?.id
  const address = role === 'computed' ? undefined : addressOf(sections?.gateways, ref, told)
  return (
    <>
      <h3 className="pedigree-name">{title}</h3>
      <dl className="pedigree-facts">
        <Fact name={say('pedigree.ref')}>
          <code>{ref}</code>
        </Fact>
        <Fact name={say('pedigree.unit')}>{unit === '1' ? say('pedigree.ratio') : unit}</Fact>
        <Fact name={say('pedigree.role')}>{say(`pedigree.role.${role}`)}</Fact>
        <Fact name={say('pedigree.declared')}>{say(`pedigree.origin.${origin}`)}</Fact>
        {accuracyClass !== undefined && <Fact name={say('pedigree.accuracy')}>±{accuracyClass} %</Fact>}
      </dl>
      {expression !== undefined && (
        <section>
          <h4>{say('pedigree.formula')}</h4>
          <code className="sample">{expression}</code>
          <ul className="pedigree-parts">
            {inputs.map((input) => (
              <li key={input}>
                <button
                  type="button"
                  className="pedigree-part"
                  onClick={() =>
                    onOpen({ kind: 'point', site, ref: input, ...(timestampMs === undefined ? {} : { timestampMs }) })
                  }
                >
                  <code>{input}</code>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {address && (
        <section>
          <h4>{say('pedigree.gateway')}</h4>
          <dl className="pedigree-facts">
            <Fact name={address.protocol}>{address.title}</Fact>
            {address.host !== undefined && (
              <Fact name={say('pedigree.host')}>
                <code>{address.host}</code>
              </Fact>
            )}
            {address.device !== undefined && <Fact name={say('pedigree.device')}>{address.device}</Fact>}
            {address.facts.map(([name, value]) => (
              <Fact key={`${name} ${value}`} name={name}>
                <code>{value}</code>
              </Fact>
            ))}
          </dl>
        </section>
      )}
      {newest && <NewestValue newest={newest} zone={zone} />}
      <ReceivedRows site={site} point={ref} unit={unit} zone={zone} timestampMs={timestampMs} />
      <Link
        to="/sites/$site/$verb"
        params={{ site, verb: 'trends' }}
        search={(search) => ({ ...keptSearch(search), points: ref })}
        className="button"
      >
        <ChartLine size={16} aria-hidden /> {say('pedigree.trends')}
      </Link>
    </>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: React.ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function NewestValue({ newest, zone }: { readonly newest: Newest; readonly zone: string }) {
  const words = useWords()
  const { say, language } = words
  const { value, unit, timestampMs, ageMs, source } = newest
  const age = ageMs === null ? undefined : ageOf(ageMs)
  return (
    <section>
      <h4>{say('pedigree.newest')}</h4>
      <p className="pedigree-newest">
        <Value value={value ?? undefined} unit={unit} />
      </p>
      <dl className="pedigree-facts">
        {timestampMs !== null && (
          <Fact name={say('pedigree.observed')}>
            {preciseTime(timestampMs, zone, language)}
            {age && <> · {say('pedigree.old', { age: say(`age.${age.unit}`, { count: age.count }) })}</>}
          </Fact>
        )}
        <Fact name={say('pedigree.quality')}>
          <Quality name={newest.quality} />
        </Fact>
        {source !== null && <Fact name={say('pedigree.source')}>{source}</Fact>}
      </dl>
    </section>
  )
}

/** A quality in words; one that is newer than the console by its name. */
function Quality({ name }: { readonly name: string }) {
  const { say, knows } = useWords()
  const key = `pedigree.quality.${name}`
  return knows(key) ? say(key) : name
}

interface ReceivedRowsProps {
  readonly site: string
  readonly point: string
  readonly unit: string
  readonly zone: string
  readonly timestampMs: number | undefined
}

function ReceivedRows({ site, point, unit, zone, timestampMs }: ReceivedRowsProps) {
  const { say, language } = useWords()
  const rows = useRows(site, point, timestampMs).data
  return (
    <section>
      <h4>
        {timestampMs === undefined
          ? say('pedigree.rowsNewest')
          : say('pedigree.rowsOf', { moment: dayAndTime(timestampMs, zone, language) })}
      </h4>
      {!rows && <Skeleton height={160} />}
      {rows?.count === 0 && <p className="quiet">{say('pedigree.noRows')}</p>}
      {rows && rows.count > 0 && (
        <table className="data-table pedigree-rows">
          <caption className="visually-hidden">{say('pedigree.rows', { count: rows.count })}</caption>
          <thead>
            <tr>
              <th scope="col">{say('pedigree.observed')}</th>
              <th scope="col" data-numeric="true">
                {say('pedigree.value')}
              </th>
              <th scope="col">{say('pedigree.quality')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.shown.map(({ atMs, value, quality }) => (
              <tr key={atMs}>
                <td>{preciseTime(atMs, zone, language)}</td>
                <td data-numeric="true">
                  <Value value={value ?? undefined} unit={unit} />
                </td>
                <td>
                  <Quality name={quality} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rows && rows.count > rows.shown.length && <p className="quiet">{say('pedigree.rows', { count: rows.count })}</p>}
    </section>
  )
}
