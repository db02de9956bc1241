/**
 * Loads a package with n8n's own loader, as n8n does when it starts, and prints how many milliseconds that
 * took. Argument: its folder.
 */
const { createRequire } = require('node:module');
const path = require('node:path');
const { performance } = require('node:perf_hooks');
const { n8nFolder } = require('../../lab/paths');

const fromN8n = createRequire(path.join(n8nFolder, 'package.json'));
const { PackageDirectoryLoader } = fromN8n('n8n-core');

const loader = new PackageDirectoryLoader(process.argv[2] ?? '');
const startedAtMs = performance.now();
loader.loadAll().then(() => console.log(performance.now() - startedAtMs));
