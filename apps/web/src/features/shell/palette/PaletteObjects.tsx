'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Box, Layers, Play, Server } from 'lucide-react'
import { useTRPC } from '../../../trpc/trpc.ts'
import { StateGlyph } from '../../../ui/state/StateGlyph.tsx'
import { STATE_LOOK } from '../../../ui/state/state-look.ts'
import { boundText, KIND_WORD } from '../../limits/limit-words.ts'
import { PaletteGroup, PaletteItem } from './PaletteItem.tsx'

/** Everything in the workspace that has a page of its own. Runs are searched by the server, as there are too many to hold. */
export const PaletteObjects = ({ search, go }: { search: string; go: (path: string) => void }) => {
  const trpc = useTRPC()
  const deployments = useQuery(trpc.deployments.list.queryOptions())
  const pools = useQuery(trpc.pools.list.queryOptions())
  const limits = useQuery(trpc.limits.list.queryOptions())
  const runs = useQuery(
    trpc.runs.list.queryOptions({ filter: search ? { search } : {}, limit: 8 }, { placeholderData: keepPreviousData, staleTime: 5000 }),
  )
  return (
    <>
      {!!deployments.data?.length && (
        <PaletteGroup heading="Deployments">
          {deployments.data.map((deployment) => (
            <PaletteItem
              key={deployment.id}
              value={`deployment ${deployment.name} ${deployment.flow}`}
              icon={<Box size={15} />}
              aside={deployment.poolName}
              onSelect={() => go(`/deployments/${deployment.name}`)}
            >
              {deployment.name}
            </PaletteItem>
          ))}
          {deployments.data.map((deployment) => (
            <PaletteItem
              key={`run-${deployment.id}`}
              value={`run start ${deployment.name}`}
              icon={<Play size={15} />}
              onSelect={() => go(`/deployments/${deployment.name}?run=1`)}
            >
              Run {deployment.name}…
            </PaletteItem>
          ))}
        </PaletteGroup>
      )}
      {!!pools.data?.length && (
        <PaletteGroup heading="Work pools">
          {pools.data.map((pool) => (
            <PaletteItem
              key={pool.id}
              value={`pool ${pool.name} ${pool.type}`}
              icon={<Server size={15} />}
              aside={pool.type}
              onSelect={() => go(`/pools/${pool.name}`)}
            >
              {pool.name}
            </PaletteItem>
          ))}
        </PaletteGroup>
      )}
      {!!limits.data?.length && (
        <PaletteGroup heading="Limits">
          {limits.data.map((limit) => (
            <PaletteItem
              key={limit.id}
              value={`limit concurrency ${limit.kind} ${limit.name}`}
              icon={<Layers size={15} />}
              aside={`${KIND_WORD[limit.kind]} · ${boundText(limit)}`}
              onSelect={() => go(`/concurrency/${limit.id}`)}
            >
              {limit.name}
            </PaletteItem>
          ))}
        </PaletteGroup>
      )}
      {!!runs.data?.items.length && (
        <PaletteGroup heading="Runs">
          {runs.data.items.map((run) => (
            <PaletteItem
              key={run.id}
              value={`run ${run.name} ${run.deployment.name} ${run.id} ${search}`}
              icon={<StateGlyph look={STATE_LOOK[run.state.name]} label={STATE_LOOK[run.state.name].word} />}
              aside={run.deployment.name}
              onSelect={() => go(`/runs/${run.id}`)}
            >
              {run.name}
            </PaletteItem>
          ))}
        </PaletteGroup>
      )}
    </>
  )
}
