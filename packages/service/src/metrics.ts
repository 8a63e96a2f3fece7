import type { IncomingMessage, ServerResponse } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

type Described<L extends string> = { name: string; help: string; labels?: readonly L[] }

export type Metrics = {
  registry: Registry
  counter<L extends string = never>(described: Described<L>): Counter<L>
  /** `read` is asked at each scrape, for figures that live elsewhere. */
  gauge<L extends string = never>(described: Described<L> & { read?: () => number | Promise<number> }): Gauge<L>
  histogram<L extends string = never>(described: Described<L> & { buckets: number[] }): Histogram<L>
  /** Answers GET /metrics in Prometheus' text format. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/** A registry of its own for each process (and each test), labelled with the process's name. */
export const createMetrics = (service: string): Metrics => {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    counter: ({ name, help, labels = [] }) => new Counter({ name, help, labelNames: labels, registers }),
    gauge: ({ name, help, labels = [], read }) =>
      new Gauge({
        name,
        help,
        labelNames: labels,
        registers,
        ...(read && {
          async collect() {
            this.set(await read())
          },
        }),
      }),
    histogram: ({ name, help, labels = [], buckets }) => new Histogram({ name, help, labelNames: labels, buckets, registers }),
    handle: async (_request, response) => {
      const text = await registry.metrics()
      response.writeHead(200, { 'content-type': registry.contentType }).end(text)
    },
  }
}
