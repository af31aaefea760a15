import pg from 'pg'
import type { Clock } from '../../kernel/index.ts'
import { openPostgresEngine, type PostgresEngine } from './open-engine.ts'

let made = 0

/** A name that no other test has, also of another process on the same server. */
export function newSchema(): string {
  made += 1
  return `test_${process.pid}_${made}`
}

/** An engine on a schema without a row. */
export interface LentEngine {
  readonly engine: PostgresEngine
  giveBack(): Promise<void>
}

const idle: { readonly schema: string; readonly engine: PostgresEngine }[] = []

/** Engines are used again by later tests: to make a schema and to connect takes longer than most tests. */
export async function lendEngine(url: string, clock: Clock): Promise<LentEngine> {
  const schema = newSchema()
  const lent = idle.pop() ?? { schema, engine: await openPostgresEngine(url, clock, { schema, reads: 3, writes: 3 }) }
  return {
    engine: { ...lent.engine, close: async () => undefined },
    async giveBack() {
      await lent.engine.database.read(`
        DO $$ DECLARE name text; BEGIN
          FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '${lent.schema}' AND tablename <> 'migration' LOOP
            EXECUTE format('DELETE FROM %I', name);
          END LOOP;
        END $$`)
      idle.push(lent)
    },
  }
}

/** Runs one statement beside the engine that is tested. */
export async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
