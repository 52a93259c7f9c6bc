const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = async () => {
  // Each App of the CDK makes a folder that it leaves behind; the teardown removes them with this one.
  process.env.CDK_MESSAGING_TEST_FOLDER = mkdtempSync(join(tmpdir(), 'cdk-messaging-test-'));
  process.env.TMPDIR = process.env.TEMP = process.env.CDK_MESSAGING_TEST_FOLDER;
  // The handlers and the simulator's worker run as bundles: make them from the sources under test.
  const { bundle } = await import('../scripts/bundle.mjs');
  await bundle();
};
