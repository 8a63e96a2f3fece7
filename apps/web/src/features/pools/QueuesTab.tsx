'use client'

import type { PoolDetail, QueueView } from '@towline/contract/views'
import { ArrowDownUp, Ellipsis, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { type Column, Table } from '../../ui/Table.tsx'
import { LimitField } from '../limits/LimitField.tsx'
import { useCanEdit } from '../limits/use-can-edit.ts'
import { useWorkspace } from '../shell/workspace-context.ts'
import { QueueForm } from './QueueForm.tsx'
import { useQueueActions } from './use-queue-actions.ts'

type Doors = {
  pool: string
  canPause: boolean
  canManage: boolean
  onPause: (queue: QueueView, paused: boolean) => void
  onEdit: (queue: QueueView) => void
  onDelete: (queue: QueueView) => void
}

const queueColumns = ({ pool, canPause, canManage, onPause, onEdit, onDelete }: Doors): Column<QueueView>[] => [
  {
    id: 'name',
    title: 'Queue',
    cell: (queue) => (
      <>
        <span className="font-medium">{queue.name}</span>
        {queue.paused && <span className="ml-2 text-yellow">Paused</span>}
        <span className="block text-xs whitespace-nowrap text-faint sm:hidden">priority {queue.priority}</span>
      </>
    ),
  },
  {
    id: 'priority',
    title: 'Priority',
    className: 'w-28 text-right max-sm:hidden',
    cell: (queue) =>
      canManage ? (
        <Button
          size="sm"
          variant="ghost"
          className="-mr-2.5"
          aria-label={`Priority of ${queue.name}: ${queue.priority}. Change it`}
          onClick={() => onEdit(queue)}
        >
          {queue.priority}
        </Button>
      ) : (
        <span title="1 is served first">{queue.priority}</span>
      ),
  },
  { id: 'deployments', title: 'Deployments', className: 'w-28 text-right max-md:hidden', cell: (queue) => queue.deployments },
  { id: 'waiting', title: 'Waiting', className: 'w-28 text-right max-sm:w-20', cell: (queue) => queue.waiting },
  {
    id: 'limit',
    title: 'Limit',
    className: 'sm:min-w-44',
    cell: (queue) => <LimitField subject={{ kind: 'queue', pool, queue: queue.name }} />,
  },
  {
    id: 'actions',
    title: <span className="sr-only">Actions</span>,
    className: 'w-28 text-right max-sm:w-24 max-sm:!pl-0',
    cell: (queue) => (
      <span className="inline-flex items-center gap-2 align-middle">
        <Switch
          checked={!queue.paused}
          disabled={!canPause}
          label={queue.paused ? `Resume ${queue.name}` : `Pause ${queue.name}`}
          onChange={(open) => onPause(queue, !open)}
        />
        {canManage && (
          <Menu
            trigger={
              <IconButton label={`More about ${queue.name}`}>
                <Ellipsis size={15} />
              </IconButton>
            }
          >
            <MenuItem icon={<ArrowDownUp size={14} />} onSelect={() => onEdit(queue)}>
              Change the priority…
            </MenuItem>
            <MenuItem icon={<Trash2 size={14} />} danger disabled={queue.name === 'default'} onSelect={() => onDelete(queue)}>
              {queue.name === 'default' ? 'Delete: a pool keeps its default' : 'Delete…'}
            </MenuItem>
          </Menu>
        )}
      </span>
    ),
  },
]

/** The queues of a pool in the order in which they are served. */
export const QueuesTab = ({ pool }: { pool: PoolDetail }) => {
  const canPause = useCanEdit()
  const role = useWorkspace().whoami?.workspace?.role
  const canManage = role === 'owner' || role === 'admin'
  const { update, remove } = useQueueActions(pool.name)
  const [creating, setCreating] = useState(false)
  const [editing, setEditing] = useState<QueueView | null>(null)
  const [deleting, setDeleting] = useState<QueueView | null>(null)
  return (
    <>
      <Table
        label="Queues, the first served first"
        rows={pool.queues}
        rowId={(queue) => queue.id}
        columns={queueColumns({
          pool: pool.name,
          canPause,
          canManage,
          onPause: (queue, paused) => update.mutate({ pool: pool.name, name: queue.name, paused }),
          onEdit: setEditing,
          onDelete: setDeleting,
        })}
      />
      {pool.queues.length === 1 ? (
        <div className="mt-3 flex max-w-xl flex-col gap-2 text-muted">
          <p>
            All runs of this pool stand in one line. With a second queue urgent work passes what may wait: agents take from the queue with
            the smallest priority first. A deployment goes there by naming it beside the pool, and each queue can be paused and bounded on
            its own.
          </p>
          <CodeBlock prompt label="command" code={`towline queues create urgent --pool ${pool.name} --priority 1`} />
        </div>
      ) : (
        <p className="mt-3 text-muted">Served from top to bottom: a queue has its turn when nothing is ready in those above it.</p>
      )}
      {canManage && (
        <Button className="mt-3 self-start" icon={<Plus size={14} />} onClick={() => setCreating(true)}>
          New queue
        </Button>
      )}
      {creating && <QueueForm pool={pool.name} onClose={() => setCreating(false)} />}
      {editing && <QueueForm pool={pool.name} queue={editing} onClose={() => setEditing(null)} />}
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(open) => !open && setDeleting(null)}
        title={`Delete ${deleting?.name ?? 'the queue'}?`}
        action="Delete the queue"
        busy={remove.isPending}
        onConfirm={() => deleting && remove.mutate({ pool: pool.name, name: deleting.name }, { onSettled: () => setDeleting(null) })}
      >
        Its limit goes with it. It is refused while a deployment sends runs there or one of its runs has not ended. Runs that have ended
        stay; a retry of one goes to the queue default.
      </ConfirmDialog>
    </>
  )
}
