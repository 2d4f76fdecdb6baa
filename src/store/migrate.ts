import { readdirSync, readFileSync } from 'node:fs'
import type { ClickHouseClient } from '@clickhouse/client'
import { StoreNewerError } from './errors.ts'
import { insertRows, readRows } from './rows.ts'

interface Migration {
  readonly version: number
  readonly name: string
  readonly statement: string
}

const FOLDER = new URL('./schema/', import.meta.url)

/** One file, one object: `NNN_name.sql`, where NNN is the schema version that it brings. */
function listMigrations(): readonly Migration[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.sql'))
    .sort()
    .map(file => ({
      version: Number(file.slice(0, 3)),
      name: file.slice(4, -4),
      statement: readFileSync(new URL(file, FOLDER), 'utf8'),
    }))
}

const VERSIONS = `CREATE TABLE IF NOT EXISTS schema_version
  (version UInt32, name String, applied_at DateTime DEFAULT now()) ENGINE = ReplacingMergeTree ORDER BY version`

/**
 * Brings the client's current database up to date. Every statement may run again: a crash between a statement and the
 * note that it ran does no harm, nor do two processes at once.
 * @throws StoreNewerError when the database has a version that this program does not know.
 */
export async function migrate(client: ClickHouseClient, label: string): Promise<void> {
  const migrations = listMigrations()
  const known = migrations.at(-1)?.version ?? 0
  await client.command({ query: VERSIONS })
  const rows = await readRows<{ found: number }>(client, { query: 'SELECT max(version) AS found FROM schema_version' })
  const found = rows[0]?.found ?? 0
  if (found > known) throw new StoreNewerError(label, { found, known })
  for (const { version, name, statement } of migrations.filter(migration => migration.version > found)) {
    await client.command({ query: statement })
    await insertRows(client, 'schema_version', [{ version, name }])
  }
}
