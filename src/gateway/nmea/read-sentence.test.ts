import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quality } from '../../kernel/index.ts'
import { createLineCutter } from './cut-lines.ts'
import { brokenFields, type Facts, readFacts } from './read-facts.ts'
import { isSentence, readSentence, writeSentence } from './read-sentence.ts'
import { dateNear, timeOfFacts } from './tell-time.ts'

const factsOf = (line: string) => {
  const sentence = readSentence(line)
  return sentence && isSentence(sentence) ? readFacts(sentence) : sentence
}
const withSum = (body: string): string => writeSentence(body).trim()

describe('published sentences', () => {
  it.each<[string, string, Record<string, number>]>([
    // Dale DePriest, "NMEA data", gpsinformation.org/dale/nmea.htm.
    [
      '$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47',
      'GPS',
      { latitudeDeg: 48.1173, longitudeDeg: 11.516_667, altitudeM: 545.4, hdop: 0.9, satellites: 8 },
    ],
    [
      '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A',
      'GPS',
      { latitudeDeg: 48.1173, longitudeDeg: 11.516_667, speedKmH: 22.4 * 1.852, courseDeg: 84.4 },
    ],
    ['$GPVTG,054.7,T,034.4,M,005.5,N,010.2,K*48', 'GPS', { courseDeg: 54.7, speedKmH: 10.2 }],
    ['$GPGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1*39', 'GPS', { hdop: 1.3 }],
    // Peter Bennett, NMEA FAQ 6.4.
    [
      '$GPRMC,225446,A,4916.45,N,12311.12,W,000.5,054.7,191194,020.3,E*68',
      'GPS',
      { latitudeDeg: 49.274_167, longitudeDeg: -123.185_333, speedKmH: 0.926, courseDeg: 54.7 },
    ],
    // TensionDev.Maritime.NMEA0183, UnitTestMWVSentence; the heading is of gpsd, test/daemon/saab-r4; depths of public parsers.
    ['$WIMWV,214.8,R,0.1,K,A*28', 'wind', { windAngleDeg: 214.8, windSpeedMPerS: 0.1 / 3.6 }],
    ['$SDDBT,7.8,f,2.4,M,1.3,F*0D', 'depth', { depthM: 2.4 }],
    ['$SDDPT,3.6,0.0*52', 'depth', { depthM: 3.6 }],
    ['$HEHDT,4.0,T*2B', 'gyro', { headingDeg: 4 }],
    // A receiver in Shenzhen, as the test of a public parser has it.
    [
      '$BDGGA,023656.00,2240.61563,N,11359.86512,E,1,23,0.7,96.53,M,-3.52,M,,*5B',
      'BeiDou',
      { latitudeDeg: 22.676_927, longitudeDeg: 113.997_752, altitudeM: 96.53, hdop: 0.7, satellites: 23 },
    ],
  ])('%s of %s says what it is published to say', (line, _, values) => {
    const facts = factsOf(line) as Facts
    expect(Object.keys(facts.values).sort()).toEqual(Object.keys(values).sort())
    for (const [name, value] of Object.entries(values)) {
      expect(facts.values[name as keyof Facts['values']], name).toBeCloseTo(value, 6)
    }
    expect(facts.quality).toBe(quality.good)
  })

  it.each(['GP', 'GN', 'GL', 'GA', 'GB', 'BD', 'GI', 'GQ'])('are read of the talker %s', (talker) => {
    expect(factsOf(withSum(`${talker}RMC,000000,A,0000.0,S,00000.0,W,0,0,010126,,,A`))).toMatchObject({
      values: { latitudeDeg: -0, longitudeDeg: -0 },
    })
  })
})

describe('a sentence', () => {
  it.each([
    ['without a fix', 'GPRMC,123519,V,,,,,,,230394,,,N', quality.good, true],
    ['whose status warns', 'GPRMC,123519,V,4807.038,N,01131.000,E,022.4,084.4,230394,,', quality.good, true],
    ['of no fix', 'GPGGA,123519,4807.038,N,01131.000,E,0,00,,,M,,M,,', quality.good, true],
    ['that was reckoned', 'GPGGA,123519,4807.038,N,01131.000,E,6,00,,,M,,M,,', quality.estimated, false],
    ['of a simulator', 'GNRMC,123519,A,4807.038,N,01131.000,E,1,1,230394,,,S', quality.suspect, false],
  ])('%s', (_, body, how, isMissing) => {
    const facts = factsOf(withSum(body)) as Facts
    expect(facts.quality).toBe(how)
    expect(Number.isNaN(facts.values.latitudeDeg)).toBe(isMissing)
  })

  it.each([
    ['GPRMC,123519,A,9907.038,N,01131.000,E,1,1,230394,,'],
    ['GPRMC,123519,A,4807.038,X,01131.000,E,1,1,230394,,'],
    ['GPRMC,123519,A,4860.000,N,01131.000,E,1,1,230394,,'],
    ['GPRMC,123519,A,4807.038,N,01131.000,E,fast,1,230394,,'],
    ['GPRMC,123519,A,4807.038,N,01131.000,E,1,361,230394,,'],
    ['GPRMC,253519,A,4807.038,N,01131.000,E,1,1,230394,,'],
    ['GPRMC,123519,A,4807.038,N,01131.000,E,1,1,231394,,'],
    ['GPRMC,123519,B,,,,,,,,,'],
    ['GPGGA,123519,4807.038,N,01131.000,E,x,08,0.9,545.4,M,46.9,M,,'],
    ['WIMWV,214.8,R,0.1,Q,A'],
    ['GPVTG,1,T,,M,-1,N,,K'],
    ['HEHDT,1e5,T'],
  ])('that cannot be is no fact: %s', (body) => {
    expect(factsOf(withSum(body))).toBe(brokenFields)
  })

  it('is not believed with a checksum that does not fit, or none', () => {
    for (const line of [
      '$HEHDT,4.0,T*2C',
      '$HEHDT,4.0,T',
      '$HEHDT,5.0,T*2B',
      'HEHDT,4.0,T*2B',
      `$HEHDT,${'1'.repeat(300)}*00`,
    ]) {
      expect(readSentence(line)).toHaveProperty('problem')
    }
    expect(readSentence('\\s:r003669961,c:1120959341*51\\$HEHDT,4.0,T*2B')).toMatchObject({ talker: 'HE', kind: 'HDT' })
    // AIS and makers' own sentences are others' business.
    expect(readSentence('!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C')).toBeUndefined()
    expect(readSentence(withSum('PGRME,15.0,M,45.0,M,25.0,M'))).toBeUndefined()
  })

  it('with one letter that flipped is never read', () => {
    const line = '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A'
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.nat(7), (at, bit) => {
        const broken = line.slice(0, at) + String.fromCharCode(line.charCodeAt(at) ^ (1 << bit)) + line.slice(at + 1)
        // A checksum in small letters is the same checksum.
        if (broken.toUpperCase() === line.toUpperCase()) return
        const read = factsOf(broken)
        expect(read === undefined || read === brokenFields || 'problem' in read).toBe(true)
      }),
    )
  })

  it('of any text is no fault, and no value beyond its range', () => {
    const word = fc.oneof(fc.string({ maxLength: 12 }), fc.stringMatching(/^[0-9.NSEWAV,]{0,12}$/))
    fc.assert(
      fc.property(
        fc.constantFrom('RMC', 'GGA', 'VTG', 'HDT', 'MWV', 'DBT', 'DPT', 'GSA', 'XXX'),
        fc.array(word),
        (kind, fields) => {
          const facts = readFacts({ talker: 'GP', kind, fields })
          if (!facts || facts === brokenFields) return
          for (const [name, value] of Object.entries(facts.values)) {
            expect(typeof value, name).toBe('number')
            expect(value).not.toBe(Number.POSITIVE_INFINITY)
          }
          const { latitudeDeg = 0, longitudeDeg = 0 } = facts.values
          expect(Math.abs(latitudeDeg) > 90 || Math.abs(longitudeDeg) > 180).toBe(false)
        },
      ),
    )
    fc.assert(fc.property(fc.string(), (text) => void factsOf(text)))
  })
})

describe('a stream', () => {
  it('is cut into the same lines however it comes', () => {
    const text = ['$A*00', '', 'second', 'third'].join('\r\n')
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }), (cuts) => {
        const cutter = createLineCutter(20)
        const lines: string[] = []
        let at = 0
        for (const length of [...cuts, 1000]) {
          lines.push(...cutter.push(Buffer.from(`${text}\r\n`.slice(at, at + length))).lines)
          at += length
        }
        expect(lines).toEqual(['$A*00', 'second', 'third'])
      }),
    )
  })

  it('without an end is thrown away, once counted, up to the next line', () => {
    const cutter = createLineCutter(20)
    expect(cutter.push(Buffer.alloc(1000, 65))).toEqual({ lines: [], tooLong: 1 })
    expect(cutter.push(Buffer.alloc(1000, 65))).toEqual({ lines: [], tooLong: 0 })
    expect(cutter.push(Buffer.from('rest\nnext\n'))).toEqual({ lines: ['next'], tooLong: 0 })
  })
})

describe('the time of a sentence', () => {
  const midnight = Date.UTC(2027, 0, 1)
  const facts = (body: string) => factsOf(withSum(body)) as Facts
  const rmc = (time: string, date: string) => facts(`GPRMC,${time},A,0000.0,N,00000.0,E,0,0,${date},,,A`)
  const gga = (time: string) => facts(`GPGGA,${time},0000.0,N,00000.0,E,1,08,1,1,M,1,M,,`)

  it('is that of its day, over midnight and the end of a year too', () => {
    expect(timeOfFacts(rmc('235959.50', '311226'), midnight + 300)).toBe(midnight - 500)
    expect(timeOfFacts(rmc('000000', '010127'), midnight - 300)).toBe(midnight)
    expect(timeOfFacts(gga('235959.50'), midnight + 300)).toBe(midnight - 500)
    expect(timeOfFacts(gga('000001'), midnight - 300)).toBe(midnight + 1000)
  })

  it('is moved on by rounds of 1024 weeks of an old receiver, and is now where its clock is wrong', () => {
    const nowMs = Date.UTC(2026, 10, 26, 12)
    const old = new Date(nowMs - 1024 * 7 * 86_400_000).toISOString()
    const date = `${old.slice(8, 10)}${old.slice(5, 7)}${old.slice(2, 4)}`
    expect(timeOfFacts(rmc('120000', date), nowMs)).toBe(nowMs)
    expect(dateNear({ day: 26, month: 11, year: 26 }, nowMs)).toBe(Date.UTC(2026, 10, 26))
    expect(dateNear({ day: 1, month: 1, year: 80 }, nowMs)).not.toBe(nowMs)
    expect(timeOfFacts(rmc('110000', '010180'), nowMs)).toBe(nowMs)
    expect(timeOfFacts(rmc('120000', '271126'), nowMs)).toBe(nowMs)
    expect(timeOfFacts(rmc('115500', '261126'), nowMs)).toBe(nowMs - 300_000)
    expect(timeOfFacts(facts('HEHDT,4.0,T'), nowMs)).toBe(nowMs)
  })
})
