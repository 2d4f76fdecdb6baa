import { defineConfig } from 'vitest/config'

/** Budgets in milliseconds. Contract, integration and e2e tests start real brokers, a real ClickHouse or whole programs. */
const projects = { unit: 5_000, property: 60_000, golden: 30_000, contract: 60_000, integration: 180_000, e2e: 120_000 }

export default defineConfig({
  test: {
    // Most tests of brokers and programs wait for these, so two files at a time keep two cores busy.
    maxWorkers: 2,
    projects: Object.entries(projects).map(([name, testTimeout]) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout,
        hookTimeout: testTimeout,
        // The embedded engine holds one data directory per process: every test file gets a process of its own.
        pool: 'forks' as const,
      },
    })),
  },
})
