import { statSync } from 'node:fs'
import { isNamedOtherwise } from '../file-kind.ts'
import { readPlace } from '../place.ts'
import { createGlob, type Glob, type GlobMatch } from './glob.ts'
import { createPathMatcher } from './glob-pattern.ts'
import { identityOf, troubleOf } from './regular-file.ts'
import type { LogPlace } from './tail.ts'
import type { Troubles } from './troubles.ts'

/** Files that are read alike. */
export interface FileGroup {
  /** Patterns; see `createGlob`. */
  readonly paths: readonly string[]
  /** Patterns of paths that are passed over; see `createPathMatcher`. */
  readonly exclude?: readonly string[]
  /** Host of lines that neither path nor line give one; the source's own unless given. */
  readonly host?: string
  /** Zone of local times; the source's own unless given. */
  readonly timezone?: string
  /** Where reading begins in files that are there at the very first start; files that come later are read whole. */
  readonly start: 'beginning' | 'end'
}

/** What is taken where a group says nothing. */
export interface GroupDefaults {
  readonly host: string
  readonly timezone: string
}

/** A file that a pattern found. */
export interface Sighting {
  readonly identity: string
  readonly path: string
  readonly size: number
  readonly modifiedMs: number
  readonly describe: () => LogPlace
}

/** What all patterns find, by identity: of several names of one file the first. */
export type Sightings = ReadonlyMap<string, Sighting>

const PACKED = /\.(?:gz|zst|bz2|xz|lz4|zip)$/i

/** Whether a file's name says that it is compressed: what is in it was read before it was. */
export function isPackedName(path: string): boolean {
  return PACKED.test(path)
}

/** What a person says of a host is better than a guess from a folder that the pattern names. */
function describeLog({ given, below }: GlobMatch, { group, defaults }: Rules): LogPlace {
  const place = readPlace(given, below)
  const isGuessed = group.host !== undefined && readPlace([], below).host === ''
  return {
    place: isGuessed ? { ...place, host: '' } : place,
    fallbackHost: group.host ?? defaults.host,
    timezone: group.timezone ?? defaults.timezone,
    startsAtEnd: group.start === 'end',
  }
}

interface Rules {
  readonly group: FileGroup
  readonly defaults: GroupDefaults
  readonly globs: readonly Glob[]
  readonly isExcluded: (path: string) => boolean
}

/** Finds the files of a source. */
export interface Search {
  /** Looks at everything that the patterns fit now. Blocks for some microseconds a file; never throws. */
  find(): Sightings
  /** What is known of a log by its path alone; undefined when no pattern fits it. */
  describe(path: string): LogPlace | undefined
}

type Look = (match: GlobMatch) => Omit<Sighting, 'describe'> | undefined

function createLook(troubles: Troubles): Look {
  return ({ path, isNamed }) => {
    try {
      const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
      if (stat?.isFile() === true) {
        return { identity: identityOf(stat), path, size: Number(stat.size), modifiedMs: Number(stat.mtimeMs) }
      }
      if (stat === undefined) troubles.clear(path)
      else if (isNamed || !stat.isDirectory() || path.endsWith('.log')) troubles.meet(path, 'not_a_file')
    } catch (cause) {
      troubles.meet(path, troubleOf(cause))
    }
    return undefined
  }
}

function isPassedOver({ path, below, isNamed }: GlobMatch, { isExcluded }: Rules): boolean {
  const name = below.at(-1) ?? ''
  return isPackedName(name) || isExcluded(path) || (!isNamed && isNamedOtherwise(name))
}

export function createSearch(groups: readonly FileGroup[], defaults: GroupDefaults, troubles: Troubles): Search {
  const allRules = groups.map<Rules>(group => {
    const { paths, exclude = [] } = group
    return { group, defaults, globs: paths.map(createGlob), isExcluded: createPathMatcher(exclude) }
  })
  const look = createLook(troubles)
  const onError = (folder: string, cause: unknown): void => {
    troubles.meet(folder, troubleOf(cause))
  }
  return {
    find: () => {
      const sightings = new Map<string, Sighting>()
      for (const rules of allRules) {
        for (const match of rules.globs.flatMap(glob => glob.find(onError))) {
          const found = isPassedOver(match, rules) ? undefined : look(match)
          if (found === undefined || sightings.has(found.identity)) continue
          sightings.set(found.identity, { ...found, describe: () => describeLog(match, rules) })
        }
      }
      return sightings
    },
    describe: path => {
      for (const rules of allRules) {
        const match = rules.globs.map(glob => glob.match(path)).find(found => found !== undefined)
        if (match !== undefined && !isPassedOver(match, rules)) return describeLog(match, rules)
      }
      return undefined
    },
  }
}
