// The handlers and the simulator's worker run as bundles: make them from the sources under test.
module.exports = async () => {
  const { bundle } = await import('../scripts/bundle.mjs');
  await bundle();
};
