/** One reading of an interval block. */
interface PlayedReading {
  readonly startS: number
  readonly durationS: number
  readonly value: number
  /** ESPI `QualityOfReading`. */
  readonly quality?: number
}

export const intervalBlock = (
  readings: readonly PlayedReading[],
): string => `<IntervalBlock xmlns="http://naesb.org/espi">
  <interval><duration>86400</duration><start>${readings[0]?.startS ?? 0}</start></interval>
${readings
  .map(
    ({ startS, durationS, value, quality }) => `  <IntervalReading>
    <cost>974</cost>${quality === undefined ? '' : `<ReadingQuality><quality>${quality}</quality></ReadingQuality>`}
    <timePeriod><duration>${durationS}</duration><start>${startS}</start></timePeriod>
    <value>${value}</value>
  </IntervalReading>`,
  )
  .join('\n')}
</IntervalBlock>`

/** A feed as utilities write it: usage point, meter reading, reading type, blocks (NAESB REQ.21 ESPI, Green Button sample data). */
export const greenButton = (own: {
  readonly uom: number
  readonly power: number
  readonly flow: number
  readonly accumulation: number
  readonly blocks: readonly string[]
}): string => `<?xml version="1.0" encoding="UTF-8"?>
<!-- Data of a customer -->
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<id>urn:uuid:1</id><title>Green Button &amp; more</title><link href="/espi/1_1/resource/Batch" rel="self"/>
<entry><id>urn:uuid:2</id><link rel="self" href="/u/1/UsagePoint/1"/><link rel="related" href="/u/1/UsagePoint/1/MeterReading"/>
<title>Works</title><content><UsagePoint xmlns="http://naesb.org/espi"><ServiceCategory><kind>0</kind></ServiceCategory></UsagePoint></content></entry>
<entry><id>urn:uuid:3</id><link rel="self" href="/u/1/UsagePoint/1/MeterReading/1"/>
<link rel="related" href="/u/1/UsagePoint/1/MeterReading/1/IntervalBlock"/><link rel="related" href="/ReadingType/7"/>
<title>Main meter</title><content><MeterReading xmlns="http://naesb.org/espi"/></content></entry>
<entry><id>urn:uuid:4</id><link rel="self" href="/ReadingType/7"/><title>Type</title><content>
<ReadingType xmlns="http://naesb.org/espi"><accumulationBehaviour>${own.accumulation}</accumulationBehaviour>
<commodity>1</commodity><flowDirection>${own.flow}</flowDirection><intervalLength>900</intervalLength>
<powerOfTenMultiplier>${own.power}</powerOfTenMultiplier><uom>${own.uom}</uom></ReadingType></content></entry>
${own.blocks
  .map(
    (block, index) => `<entry><link rel="self" href="/u/1/UsagePoint/1/MeterReading/1/IntervalBlock/${index}"/>
<link rel="up" href="/u/1/UsagePoint/1/MeterReading/1/IntervalBlock"/><content>${block}</content></entry>`,
  )
  .join('\n')}
</feed>`
