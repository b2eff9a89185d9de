// Shared by every mocha lane; a lane adds its files and its timeout.
module.exports = {
  require: ['tsx/cjs'],
  extension: ['ts'],
  timeout: 10000,
  // A test that is left out or singled out is a hole that nobody sees.
  forbidOnly: true,
  forbidPending: true,
};
