import { classNames } from './class-names.ts'

/** Holds the place of what is loading, in its real size. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={classNames('block animate-skeleton rounded-sm bg-hover', className ?? 'h-4 w-24')} />
)

export const SkeletonRows = ({ rows = 6, height = 'h-11' }: { rows?: number; height?: string }) => (
  <div aria-busy="true" aria-label="Loading" role="status">
    {Array.from({ length: rows }, (_, index) => `row-${index}`).map((key) => (
      <div key={key} className={classNames('flex items-center gap-6 border-b border-line px-3', height)}>
        <Skeleton className="h-3.5 w-24" />
        <Skeleton className="h-3.5 w-48 max-w-[40%]" />
        <Skeleton className="ml-auto h-3.5 w-16" />
      </div>
    ))}
  </div>
)
