// The price of several of one thing, in cents.
exports.total = (cents, number) => cents * number;
