import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Prints the last line `N passed, N failed, N skipped`. What never became a test counts as failed too: modules that did not load, hooks, unhandled errors. */
export default class ClosingLine implements Reporter {
  #line: string | undefined;

  onInit(): void {
    // At the very end, below whatever other reporters still have to say.
    process.on('exit', () => this.#line !== undefined && writeSync(1, `${this.#line}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts: Counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) addModule(module, counts);
    this.#line = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
  }
}

function addModule(module: TestModule, counts: Counts): void {
  counts.failed += module.errors().length;
  for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    // A test that was never reached, for instance because its module broke off, did not pass.
    counts[state === 'pending' ? 'failed' : state] += 1;
  }
}
