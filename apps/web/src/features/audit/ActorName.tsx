import type { Actor } from '@towline/contract/audit'
import { KeyRound, User } from 'lucide-react'

/** Who did it: a person, or a key that speaks for one. */
export const ActorName = ({ actor }: { actor: Actor }) => {
  const Icon = actor.kind === 'key' ? KeyRound : User
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-1.5">
      <Icon size={13} className="shrink-0 text-faint" role="img" aria-label={actor.kind === 'key' ? 'with a key' : 'in person'} />
      <span className="truncate" title={actor.name}>
        {actor.name}
      </span>
    </span>
  )
}
