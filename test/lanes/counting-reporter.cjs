// Mocha's own "spec" output, and the counts in a file for whoever sums the lanes.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.BIAS_LAB_COUNTS;
    const { stats } = this;
    runner.once('end', () => {
      // A test that did not run did not pass.
      if (file) writeFileSync(file, JSON.stringify({ passed: stats.passes, failed: stats.failures + stats.pending }));
    });
  }
};
