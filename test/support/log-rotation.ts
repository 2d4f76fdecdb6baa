import { copyFileSync, existsSync, renameSync, truncateSync } from 'node:fs'

/** How a log is rotated: by logrotate's `create`, by its `copytruncate`, or by its `dateext`. */
export type RotationWay = 'rename' | 'copytruncate' | 'date'

/** What logrotate does to one log. */
export interface Rotation {
  /** Does nothing while there is no log. */
  rotate(): void
}

/** `name.log.1` becomes `name.log.2`, and so on. */
function shift(path: string): void {
  let last = 0
  while (existsSync(`${path}.${last + 1}`)) last += 1
  for (let number = last; number > 0; number -= 1) renameSync(`${path}.${number}`, `${path}.${number + 1}`)
}

export function createRotation(path: string, way: RotationWay): Rotation {
  let day = 0
  return {
    rotate: () => {
      if (!existsSync(path)) return
      day += 1
      if (way === 'date') {
        renameSync(path, `${path}-202611${String(day).padStart(2, '0')}`)
        return
      }
      shift(path)
      if (way === 'rename') renameSync(path, `${path}.1`)
      else {
        copyFileSync(path, `${path}.1`)
        truncateSync(path)
      }
    },
  }
}
