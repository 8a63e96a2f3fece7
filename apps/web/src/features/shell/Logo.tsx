/** A line made fast around a bollard: the mark of Towline. */
export const Logo = ({ size = 20 }: { size?: number }) => (
  <svg viewBox="0 0 20 20" width={size} height={size} aria-hidden className="shrink-0">
    <rect width="20" height="20" rx="5" className="fill-inverse" />
    <path
      d="M3.5 12.5c3.2 0 3.4-5.6 6.9-5.6a2.9 2.9 0 1 1 0 5.8c-2.1 0-3.1-1.6-4-2.9M13.3 9.8h3.2"
      fill="none"
      stroke="var(--accent-line)"
      strokeWidth="1.7"
      strokeLinecap="round"
    />
  </svg>
)
