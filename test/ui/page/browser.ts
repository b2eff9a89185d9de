/** The browser of a suite of page tests: there before its first test, gone after its last. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { openBrowser } from './harness';

/** To be called inside `describe`, or once in a file. @returns the browser, while a test runs */
export function usesBrowser(): () => Browser {
  let browser: Browser | undefined;
  before(async () => {
    browser = await openBrowser();
  });
  after(async () => {
    // Undefined when it could not be started: that failure is the one to read.
    await browser?.close();
  });
  return () => {
    assert.ok(browser, 'no test of the suite runs');
    return browser;
  };
}
