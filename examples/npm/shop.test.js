const assert = require("node:assert");
const test = require("node:test");
const { total } = require("./shop.js");

test("the price of two", () => assert.equal(total(2900, 2), 5800));
