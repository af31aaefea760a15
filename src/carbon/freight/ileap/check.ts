import { type Fields, type Findings, fieldsOf, readDecimal, requireFields, tellRemoved } from '../../payload/index.ts'
import { Decimal } from '../../quantity/index.ts'
import { hubTypes } from '../category/index.ts'
import { mandatory, modeNames, removed } from './shapes.ts'

/** What a shipment comes to by its own elements. */
export interface IleapTotals {
  readonly activityTkm: Decimal
  readonly wtwKg: Decimal
  readonly ttwKg: Decimal
}

const zero = new Decimal(0)
const thousandth = new Decimal('0.001')

/** Which shape some data have, by the id that only it has. */
export function ileapKind(data: Fields): 'shipment' | 'toc' | 'hoc' | undefined {
  if ('tces' in data) return 'shipment'
  if ('tocId' in data && !('tceId' in data)) return 'toc'
  return 'hocId' in data && !('tceId' in data) ? 'hoc' : undefined
}

/**
 * Reads data of iLEAP 1.0.0 and recomputes what can be: activity from mass and distance, sums, shares.
 *
 * @returns totals of a shipment whose elements could all be read
 */
export function checkIleap(data: Fields, path: string, findings: Findings): IleapTotals | undefined {
  const kind = ileapKind(data)
  if (kind === 'shipment') return checkShipment(data, path, findings)
  if (kind !== undefined) checkCategory(data, kind, path, findings)
  return undefined
}

function checkShipment(data: Fields, path: string, findings: Findings): IleapTotals | undefined {
  const dot = path === '' ? '' : `${path}.`
  requireFields(data, mandatory.shipment, path, findings)
  tellRemoved(data, removed, path, findings)
  readDecimal(data.mass, `${dot}mass`, findings)
  const elements = Array.isArray(data.tces) ? data.tces : []
  if (elements.length === 0) {
    findings.add('breach', 'no-elements', `${dot}tces`, 'A shipment has one transport chain element at least')
  }
  const ids = new Set<unknown>()
  const known = new Set(elements.map((element) => fieldsOf(element)?.tceId))
  let totals: IleapTotals | undefined = { activityTkm: zero, wtwKg: zero, ttwKg: zero }
  for (const [index, element] of elements.entries()) {
    const at = `${dot}tces.${index}`
    const fields = fieldsOf(element)
    if (fields === null) {
      findings.add('breach', 'no-object', at, 'An element is an object', { found: element })
      totals = undefined
      continue
    }
    if (ids.has(fields.tceId))
      findings.add('breach', 'id-twice', `${at}.tceId`, 'Two elements have this id', { found: fields.tceId })
    ids.add(fields.tceId)
    for (const before of Array.isArray(fields.prevTceIds) ? fields.prevTceIds : []) {
      if (known.has(before) && before !== fields.tceId) continue
      findings.add('breach', 'unknown-element', `${at}.prevTceIds`, 'The element before it is not in the shipment', {
        found: before,
      })
    }
    if (fields.shipmentId !== data.shipmentId) {
      findings.add('breach', 'other-shipment', `${at}.shipmentId`, 'The element is of another shipment', {
        found: fields.shipmentId,
        expected: data.shipmentId,
      })
    }
    const own = checkElement(fields, at, findings)
    totals =
      totals && own
        ? {
            activityTkm: totals.activityTkm.plus(own.activityTkm),
            wtwKg: totals.wtwKg.plus(own.wtwKg),
            ttwKg: totals.ttwKg.plus(own.ttwKg),
          }
        : undefined
  }
  return elements.length === 0 ? undefined : totals
}

function checkElement(tce: Fields, path: string, findings: Findings): IleapTotals | undefined {
  requireFields(tce, mandatory.tce, path, findings)
  tellRemoved(tce, removed, path, findings)
  if ((tce.tocId === undefined) === (tce.hocId === undefined)) {
    findings.add('breach', 'toc-or-hoc', path, 'An element is counted by a TOC or by a HOC, by one of them', {
      found: tce.tocId === undefined ? 'none' : 'both',
    })
  }
  const massKg = readDecimal(tce.mass, `${path}.mass`, findings)
  const wtwKg = readDecimal(tce.co2eWTW, `${path}.co2eWTW`, findings)
  const ttwKg = readDecimal(tce.co2eTTW, `${path}.co2eTTW`, findings)
  const activity = readDecimal(tce.transportActivity, `${path}.transportActivity`, findings)
  const distance = fieldsOf(tce.distance) ?? {}
  const lengths = (['actual', 'gcd', 'sfd'] as const).flatMap((name) => {
    const km = readDecimal(distance[name], `${path}.distance.${name}`, findings)
    return km === null ? [] : [{ name, km }]
  })
  const straight = lengths.find(({ name }) => name === 'gcd')
  for (const { name, km } of lengths) {
    if (straight === undefined || km.gte(straight.km)) continue
    findings.add(
      'doubt',
      'shorter-than-straight',
      `${path}.distance.${name}`,
      'No way is shorter than the great circle',
      {
        found: km.toFixed(),
        expected: `${straight.km.toFixed()} at least`,
      },
    )
  }
  compareWtw(wtwKg, ttwKg, `${path}.co2eWTW`, findings)
  let activityTkm = activity
  if (massKg !== null && activity !== null && lengths.length > 0 && tce.hocId === undefined) {
    const products = lengths.map(({ km }) => massKg.times(km).times(thousandth))
    if (!products.some((product) => product.eq(activity))) {
      activityTkm = products[0]!
      const isInKg = products.some((product) => product.times(1000).eq(activity))
      findings.add(
        'breach',
        'activity',
        `${path}.transportActivity`,
        isInKg ? 'The activity is in kg·km, not in t·km' : 'The activity is not mass times distance, in t·km',
        { found: activity.toFixed(), expected: products.map((product) => product.toFixed()).join(' or ') },
      )
      if (wtwKg?.eq(activity)) {
        findings.add('note', 'activity-is-emissions', `${path}.transportActivity`, 'It is the number of co2eWTW')
      }
    }
  }
  return wtwKg === null || ttwKg === null || activityTkm === null ? undefined : { activityTkm, wtwKg, ttwKg }
}

function compareWtw(wtw: Decimal | null, ttw: Decimal | null, path: string, findings: Findings): void {
  if (wtw === null || ttw === null || wtw.gte(ttw)) return
  findings.add('breach', 'wtw-below-ttw', path, 'Well-to-wheel contains tank-to-wheel, and is less than it', {
    found: wtw.toFixed(),
    expected: `${ttw.toFixed()} at least`,
  })
}

function checkCategory(data: Fields, kind: 'toc' | 'hoc', path: string, findings: Findings): void {
  const dot = path === '' ? '' : `${path}.`
  requireFields(data, mandatory[kind], path, findings)
  tellRemoved(data, removed, path, findings)
  const wtw = readDecimal(data.co2eIntensityWTW, `${dot}co2eIntensityWTW`, findings)
  const ttw = readDecimal(data.co2eIntensityTTW, `${dot}co2eIntensityTTW`, findings)
  compareWtw(wtw, ttw, `${dot}co2eIntensityWTW`, findings)
  const choices: Readonly<Record<string, readonly string[]>> =
    kind === 'toc'
      ? { mode: Object.values(modeNames), transportActivityUnit: ['tkm', 'TEUkm'] }
      : { hubType: hubTypes, hubActivityUnit: ['tonnes', 'TEU'] }
  for (const [name, all] of Object.entries(choices)) {
    if (data[name] === undefined || all.includes(String(data[name]))) continue
    findings.add('breach', 'unknown-word', `${dot}${name}`, 'This is none of the words', {
      found: data[name],
      expected: all.join(', '),
    })
  }
  for (const [name, mayBeZero] of [
    ['loadFactor', false],
    ['emptyDistanceFactor', true],
  ] as const) {
    const share = readDecimal(data[name], `${dot}${name}`, findings)
    if (share === null || (share.gt(mayBeZero ? -1 : 0) && (mayBeZero ? share.lt(1) && share.gte(0) : share.lte(1))))
      continue
    findings.add('breach', 'share', `${dot}${name}`, 'A share lies between 0 and 1', { found: share.toFixed() })
  }
  const carriers = Array.isArray(data.energyCarriers) ? data.energyCarriers : []
  let sum: Decimal | null = carriers.length === 0 ? null : zero
  for (const [index, carrier] of carriers.entries()) {
    const at = `${dot}energyCarriers.${index}`
    const fields = fieldsOf(carrier) ?? {}
    requireFields(fields, mandatory.carrier, at, findings)
    tellRemoved(fields, removed, at, findings)
    for (const [k, feedstock] of (Array.isArray(fields.feedstocks) ? fields.feedstocks : []).entries()) {
      tellRemoved(fieldsOf(feedstock) ?? {}, removed, `${at}.feedstocks.${k}`, findings)
    }
    const own = readDecimal(fields.emissionFactorWTW, `${at}.emissionFactorWTW`, findings)
    compareWtw(
      own,
      readDecimal(fields.emissionFactorTTW, `${at}.emissionFactorTTW`, findings),
      `${at}.emissionFactorWTW`,
      findings,
    )
    const share = readDecimal(fields.relativeShare, `${at}.relativeShare`, findings)
    sum = sum === null || share === null ? null : sum.plus(share)
  }
  if (sum !== null && !sum.eq(1)) {
    findings.add('breach', 'shares', `${dot}energyCarriers`, 'The shares of the energy carriers come to 1', {
      found: sum.toFixed(),
      expected: '1',
    })
  }
}
