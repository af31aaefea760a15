import protobuf from 'protobufjs'

export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly samples: readonly { readonly value: number; readonly timestampMs: number }[]
}

/** The messages as the specification of remote write 1.0 prints them (https://prometheus.io/docs/specs/prw/remote_write_spec/). */
const schema = `syntax = "proto3"; package prometheus;
message WriteRequest { repeated TimeSeries timeseries = 1; reserved 2; repeated MetricMetadata metadata = 3; }
message MetricMetadata { int32 type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }`

const { root } = protobuf.parse(schema, { keepCase: true })
const WriteRequest = root.lookupType('prometheus.WriteRequest')

/** A request of remote write 1.0 before compression, written by protobufjs from the published schema. */
export function remoteWriteBody(series: readonly WrittenSeries[], metadata: readonly object[] = []): Uint8Array {
  const timeseries = series.map(({ labels, samples }) => ({
    labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
    samples: samples.map(({ value, timestampMs }) => ({ value, timestamp: timestampMs })),
  }))
  return WriteRequest.encode({ timeseries, metadata }).finish()
}

/** The messages of remote write 2.0 that hold samples (https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/). */
const schema2 = `syntax = "proto3"; package io.prometheus.write.v2;
message Request { reserved 1 to 3; repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
message TimeSeries { repeated uint32 labels_refs = 1; repeated Sample samples = 2; }
message Sample { double value = 1; int64 timestamp = 2; }`
const Request2 = protobuf.parse(schema2, { keepCase: true }).root.lookupType('io.prometheus.write.v2.Request')

/** A request of remote write 2.0 before compression. */
export function remoteWriteBody2(series: readonly WrittenSeries[]): Uint8Array {
  const symbols = ['', ...new Set(series.flatMap(({ labels }) => Object.entries(labels).flat()))]
  const timeseries = series.map(({ labels, samples }) => ({
    labels_refs: Object.entries(labels)
      .flat()
      .map((text) => symbols.indexOf(text)),
    samples: samples.map(({ value, timestampMs }) => ({ value, timestamp: timestampMs })),
  }))
  return Request2.encode({ symbols, timeseries }).finish()
}
