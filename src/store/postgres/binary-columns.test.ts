import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { arrayOf, float8, int2, int4, int8, readColumn, sent } from './binary-columns.ts'
import { openPostgresDatabase } from './database.ts'
import { describeWithServer } from './postgres.fixture.ts'

await describeWithServer('columns of numbers', ({ url }) => {
  const opened = openPostgresDatabase(url, 'public', { reads: 1, writes: 1 })
  afterAll(async () => (await opened).close())

  const roundTrip = async (type: typeof int8, name: string, values: readonly number[]): Promise<readonly number[]> => {
    const database = await opened
    const [row] = await database.read(
      `SELECT ${sent('value', type)} FROM unnest($1::${name}[]) WITH ORDINALITY AS g (value, number)`,
      [arrayOf(type, values)],
    )
    return [...readColumn(type, row?.value, (count) => new Float64Array(count))]
  }

  it('go to the server and back with every bit: -0, the smallest, the largest, NaN', async () => {
    const values = [-0, 0, 5e-324, -5e-324, 1e308, Number.MAX_VALUE, 0.1 + 0.2, Number.NaN, 1 / 3]
    const found = await roundTrip(float8, 'float8', values)
    expect(found.length).toBe(values.length)
    found.forEach((value, at) => {
      expect(Object.is(value, values[at])).toBe(true)
    })
  })

  it('are what the server takes them for', async () => {
    const database = await opened
    const values = [-(2 ** 53) + 1, -1, 0, 4_294_967_295, 4_294_967_296, 2 ** 53 - 1]
    const [row] = await database.read('SELECT $1::int8[]::text AS numbers, $2::float8[]::text AS doubles', [
      arrayOf(int8, values),
      arrayOf(float8, [1.5, Number.NaN, -0]),
    ])
    expect(row?.numbers).toBe(`{${values.join(',')}}`)
    expect(row?.doubles).toBe('{1.5,NaN,-0}')
  })

  it('of any numbers come back as they went (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.maxSafeInteger()),
        fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
        fc.array(fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 })),
        fc.array(fc.double()),
        async (eights, fours, twos, doubles) => {
          // A whole number has no negative zero.
          const whole = eights.map((value) => value + 0)
          expect(await roundTrip(int8, 'int8', whole)).toEqual(whole)
          expect(await roundTrip(int4, 'int4', fours)).toEqual(fours)
          expect(await roundTrip(int2, 'int2', twos)).toEqual(twos)
          expect(await roundTrip(float8, 'float8', doubles)).toEqual(doubles)
        },
      ),
      { numRuns: 25 },
    )
  })
})
