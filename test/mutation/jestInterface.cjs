/**
 * What the tests use of jest, on mocha. Jest loads every module anew for every file and every mutant, mocha
 * keeps them: that makes the difference between hours and minutes. Only tests that change nothing outside of
 * themselves can be run so.
 */
const { expect } = require('expect');
const { bind } = require('jest-each');
const { fn, spyOn } = require('jest-mock');
const { interfaces } = require('mocha');

const { bdd } = interfaces;

/** @param {import('mocha').Suite} suite */
interfaces.bdd = (suite) => {
	bdd(suite);
	suite.on('pre-require', (context) => {
		const { it, describe, before, after } = context;
		Object.assign(it, { each: bind(it) });
		Object.assign(describe, { each: bind(describe) });
		Object.assign(context, { expect, jest: { fn, spyOn }, test: it, beforeAll: before, afterAll: after });
	});
};
