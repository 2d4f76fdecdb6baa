/** Seconds for people: `8 ms`, `0.43 s`, `12.3 s`, `4 m 05 s`, `1 h 02 m`. Negative values keep their sign. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0) return `-${formatSeconds(-seconds)}`
  if (seconds === 0) return '0 s'
  if (seconds < 0.0995) return `${String(Math.max(1, Math.round(seconds * 1000)))} ms`
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  if (hours > 0) return `${String(hours)} h ${String(minutes).padStart(2, '0')} m`
  return `${String(minutes)} m ${String(whole % 60).padStart(2, '0')} s`
}
