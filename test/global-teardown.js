const { rmSync } = require('node:fs');

module.exports = () => {
  // never whatever else TMPDIR names: the set-up may not have run
  const { CDK_MESSAGING_TEST_FOLDER: folder } = process.env;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
};
